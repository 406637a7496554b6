// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Conformance;

/// <summary>One format of recorded cases.</summary>
internal interface ICaseFormat
{
    string Name { get; }

    /// <summary>True for a case of this format, told by its content.</summary>
    bool Matches(JsonElement recorded);

    /// <summary>How many steps a case has that are judged one by one; 0: it is judged as a whole.</summary>
    int Steps(JsonElement recorded) => 0;

    /// <summary>Runs a case on the model.</summary>
    /// <returns>Where they differ.</returns>
    /// <exception cref="JsonException">The case is malformed.</exception>
    IReadOnlyList<CaseDifference> Run(JsonElement recorded);
}
