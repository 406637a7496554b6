// SPDX-License-Identifier: MIT

namespace TdxVerify.Diagnosis;

/// <summary>Kinds of <see cref="Remedy"/>.</summary>
public enum RemedyKind
{
    /// <summary>Another kernel.</summary>
    Kernel,
    /// <summary>Memory that is given up by a boot parameter.</summary>
    GiveUpMemory,
    /// <summary>Other firmware or another module.</summary>
    Firmware,
}

/// <summary>Something that would help; where the memory is known, kernels and memory were tried on the
/// model.</summary>
/// <param name="Parameter">The kernel parameter to boot with, or null.</param>
public sealed record Remedy(RemedyKind Kind, string Text, string? Parameter, IReadOnlyList<AddressRange> GivenUp)
{
    /// <summary>Bytes that it costs.</summary>
    public ulong GivenUpBytes => RangeSet.TotalBytes(GivenUp);
}
