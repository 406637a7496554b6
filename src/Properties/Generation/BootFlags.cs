// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>Command lines that generated machines boot with.</summary>
internal static class BootFlags
{
    /// <summary>kernelcore=mirror.</summary>
    public static BootOptions Mirror { get; } = BootOptions.None with { KernelcoreMirror = true };
}
