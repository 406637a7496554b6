// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>No kernel tree could be had. The message is one line: what was expected, what stood there, what to
/// do.</summary>
public sealed class KernelTreeException : Exception
{
    /// <summary>Takes the line; control characters of names and of other programs' words become '?'.</summary>
    public KernelTreeException(string line)
        : base(string.Concat(line.Select(static c => char.IsControl(c) ? '?' : c)))
    {
    }

    /// <summary>The program that was to be run is not on this machine.</summary>
    public bool IsProgramMissing { get; init; }

    /// <summary>The archive is there, but has no suite of that name; or no archive is known that would have
    /// it.</summary>
    public bool IsSuiteMissing { get; init; }
}
