// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxModule;

/// <summary>What the module finds on its platform.</summary>
public sealed class ModulePlatform
{
    private const ulong OwnHandoffVersion = 3;

    /// <summary>Firmware takes SEAMRR out of what it calls memory.</summary>
    private const ulong SeamRangeBeyondMemory = 1UL << 44;

    public PhysicalAddressRules Rules { get; set; } = PhysicalAddressRules.Usual;
    public CmrTable Cmrs { get; } = new();

    /// <summary>Logical processors of the whole platform, from MCHECK, not those that the OS has online.</summary>
    public int Lps { get; set; } = 1;

    public int LpsPerPackage { get; set; } = 1;
    public int Packages { get; set; } = 1;

    /// <summary>Limits to report; the checks themselves use the module's constants.</summary>
    public ModuleLimits Limits { get; set; } = ModuleLimits.Usual;

    /// <summary>TDX_FEATURES0, when the version's own value is not known or another one is wanted.</summary>
    public ulong? Features0 { get; set; }

    /// <summary>NUM_CPUID_CONFIG.</summary>
    public ulong CpuidConfigs { get; set; }

    /// <summary>
    /// A field that bring-up reads and no more (versions, what TDs are made of) answers with a number of its own,
    /// where the facts have no value, and so do those that came after 1.5.01; false: nobody knows the former, and
    /// there are none of the latter.
    /// </summary>
    public bool HasUnused { get; set; }

    /// <summary>The one handoff version that TDH.SYS.SHUTDOWN takes; which one a real module takes is not in the
    /// facts.</summary>
    public ulong HandoffVersion { get; set; }

    /// <summary>First byte of a page that belongs to a TD, or null.</summary>
    public ulong? TdPage { get; set; }

    /// <summary>
    /// Fills all of it in anew: KeyIDs (the usual ones when not known), CMRs, limits and features of a machine, CPUs
    /// of its environment. Its module has all fields that kernels read.
    /// </summary>
    public void Fill(Machine machine, Choices choices)
    {
        Rules = PhysicalAddressRules.Of(machine.KeyIds ?? KeyIdPartition.Usual);
        if (IsMemory(machine, Rules.SeamRange))
        {
            var beyond = AddressRange.OfSize(SeamRangeBeyondMemory, Rules.SeamRange.Size);
            Rules = Rules with { SeamRange = beyond };
        }

        Cmrs.Set(machine.Cmrs);
        Lps = choices.Cpus + choices.OfflineCpus;
        LpsPerPackage = choices.CpusPerPackage;
        Packages = (Lps + LpsPerPackage - 1) / LpsPerPackage;
        Limits = machine.Limits;
        Features0 = machine.Features0;
        TdPage = choices.TdPage;
        CpuidConfigs = machine.CpuidConfigs ?? 1;
        HasUnused = true;
        HandoffVersion = OwnHandoffVersion;
    }

    private static bool IsMemory(Machine machine, AddressRange range)
    {
        foreach (var entry in machine.E820)
        {
            if (entry.Type == E820Type.Ram && entry.Address < range.End && entry.End > range.Start)
                return true;
        }

        return false;
    }
}
