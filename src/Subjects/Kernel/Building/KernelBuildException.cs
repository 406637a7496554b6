// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Kernel.Building;

/// <summary>A kernel tree can't be compiled: one line that says which file, what, and what to do.</summary>
public sealed class KernelBuildException : Exception
{
    public KernelBuildException(string line)
        : base(line)
    {
    }
}
