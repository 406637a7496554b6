// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Kernel.Building;

/// <summary>How a kernel is compiled.</summary>
public enum BuildKind
{
    /// <summary>As fast as it gets.</summary>
    Plain,
    /// <summary>With AddressSanitizer and UndefinedBehaviorSanitizer.</summary>
    Sanitized,
    /// <summary>With ThreadSanitizer.</summary>
    ThreadSanitized,
    /// <summary>With counters of lines and branches.</summary>
    Coverage,
    /// <summary>With calls that tell a fuzzer which edges ran.</summary>
    Edges,
}
