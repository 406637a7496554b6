// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.KernelLog;

/// <summary>Level of a log line.</summary>
public enum LogLevel
{
    /// <summary>pr_err and graver.</summary>
    Error,

    /// <summary>pr_warn.</summary>
    Warning,

    /// <summary>pr_info and less.</summary>
    Info,
}
