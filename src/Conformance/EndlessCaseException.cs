// SPDX-License-Identifier: MIT

namespace TdxVerify.Conformance;

/// <summary>A recorded case on which the host would go on making SEAMCALLs for ever.</summary>
public sealed class EndlessCaseException : Exception
{
    public EndlessCaseException()
        : base("the case does not end")
    {
    }
}
