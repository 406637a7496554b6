// SPDX-License-Identifier: MIT

namespace TdxVerify.Conformance;

/// <summary>A value of a recorded case that can't be what was recorded.</summary>
/// <param name="expected">What would have been right.</param>
/// <param name="got">What stood there.</param>
public sealed class MalformedCaseException(string expected, string got) : Exception($"expected {expected}, got {got}")
{
    /// <summary>What would have been right.</summary>
    public string Expected => expected;

    /// <summary>What stood there.</summary>
    public string Got => got;
}
