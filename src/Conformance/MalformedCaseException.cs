// SPDX-License-Identifier: MIT

namespace TdxVerify.Conformance;

/// <summary>A value of a recorded case that can't be what was recorded.</summary>
public sealed class MalformedCaseException(string expected, string got) : Exception($"expected {expected}, got {got}")
{
    public string Expected => expected;
    public string Got => got;
}
