// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.KernelLog;

/// <summary>pr_err and graver, pr_warn, pr_info and less.</summary>
public enum LogLevel
{
    Error,
    Warning,
    Info,
}
