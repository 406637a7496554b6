// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Platform;

/// <summary>Firmware's truth about one machine and boot, in the order in which the kernel sees it.</summary>
public sealed class Machine
{
    /// <summary>The last memory map of the boot (BIOS, extended, user-defined or modified), unsorted and perhaps
    /// overlapping, as printed.</summary>
    public List<E820Entry> E820 { get; } = [];

    /// <summary>The kernel's own changes between that map and the filling of memblock, in order.</summary>
    public List<E820Change> E820Changes { get; } = [];

    /// <summary>Explicit memblock calls: the memory of a machine that has no e820 map.</summary>
    public List<MemblockCall> MemblockCalls { get; } = [];

    /// <summary>Enabled memory affinity entries of the SRAT in table order.</summary>
    public List<SratEntry> Srat { get; } = [];

    /// <summary>EFI ranges with the MORE_RELIABLE attribute.</summary>
    public List<AddressRange> Mirrored { get; } = [];

    /// <summary>Convertible memory ranges; empty when nobody told.</summary>
    public List<Cmr> Cmrs { get; } = [];

    /// <summary>Windows of memory that is not RAM at boot but may become so: CXL windows and persistent
    /// memory.</summary>
    public List<NamedRange> HotpluggableMemory { get; } = [];

    public KeyIdPartition? KeyIds { get; set; }

    /// <summary>Words of the command line that matter.</summary>
    public BootOptions Options { get; set; } = BootOptions.None;

    /// <summary>Version of the TDX module, when known.</summary>
    public ModuleVersion? Module { get; set; }

    public ModuleLimits Limits { get; set; } = ModuleLimits.Usual;

    /// <summary>TDX_FEATURES0 of the module, when it is known or assumed.</summary>
    public ulong? Features0 { get; set; }

    /// <summary>NUM_CPUID_CONFIG of the module, when another than one is wanted.</summary>
    public ulong? CpuidConfigs { get; set; }

    /// <summary>Release string of the kernel ("6.8.0-1004-intel"), when known.</summary>
    public string? KernelRelease { get; set; }

    /// <summary>Convertible memory as a set: empty slots left out, touching CMRs joined.</summary>
    public RangeSet ConvertibleMemory() =>
        RangeSet.Of(Cmrs.Where(static c => c.Size != 0).Select(static c => AddressRange.OfSize(c.Base, c.Size)));

    /// <summary>True when nothing says what memory the machine has.</summary>
    public bool HasNoMemoryMap => E820.Count == 0 && MemblockCalls.Count == 0;

    /// <summary>Back to a machine that nothing is known of.</summary>
    public void Clear()
    {
        E820.Clear();
        E820Changes.Clear();
        MemblockCalls.Clear();
        Srat.Clear();
        Mirrored.Clear();
        Cmrs.Clear();
        HotpluggableMemory.Clear();
        KeyIds = null;
        Options = BootOptions.None;
        Module = null;
        Limits = ModuleLimits.Usual;
        Features0 = CpuidConfigs = null;
        KernelRelease = null;
    }

    public void CopyFrom(Machine other)
    {
        Clear();
        E820.AddRange(other.E820);
        E820Changes.AddRange(other.E820Changes);
        MemblockCalls.AddRange(other.MemblockCalls);
        Srat.AddRange(other.Srat);
        Mirrored.AddRange(other.Mirrored);
        Cmrs.AddRange(other.Cmrs);
        HotpluggableMemory.AddRange(other.HotpluggableMemory);
        KeyIds = other.KeyIds;
        Options = other.Options;
        Module = other.Module;
        Limits = other.Limits;
        Features0 = other.Features0;
        CpuidConfigs = other.CpuidConfigs;
        KernelRelease = other.KernelRelease;
    }
}
