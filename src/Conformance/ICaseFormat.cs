// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Conformance;

/// <summary>One format of recorded cases.</summary>
internal interface ICaseFormat
{
    /// <summary>How reports name it.</summary>
    string Name { get; }

    /// <summary>Why cases of this format are not judged yet, or null.</summary>
    string? NotApplicable { get; }

    /// <summary>True for a case of this format, told by its content.</summary>
    bool Matches(JsonElement recorded);

    /// <summary>Runs a case on the model.</summary>
    /// <returns>Where they differ.</returns>
    /// <exception cref="JsonException">The case is malformed.</exception>
    IReadOnlyList<CaseDifference> Run(JsonElement recorded);
}
