// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Platform;
using TdxVerify.Model.Seamcall;

namespace TdxVerify.Model.TdxHost;

/// <summary>What the host reads from the module before it builds TDMRs.</summary>
internal sealed class ModuleReader(HostEnvironment environment, SeamcallPort port, IHostMemory memory, HostRules rules)
{
    private const int Lp = 0;
    private const ulong SysInfoBytes = 1024;

    private static readonly ulong[] LimitFields =
    [
        MetadataField.MaxTdmrs, MetadataField.MaxReservedPerTdmr,
        MetadataField.Pamt4KEntrySize, MetadataField.Pamt2MEntrySize, MetadataField.Pamt1GEntrySize,
    ];

    private readonly List<AddressRange> _cmrs = [];

    /// <summary>MAX_TDMRS and the other limits.</summary>
    public ModuleLimits Limits { get; private set; }

    /// <summary>Convertible memory, empty slots left out, when the rules read it.</summary>
    public List<AddressRange> Cmrs => _cmrs;

    /// <summary>The module reports Dynamic PAMT; only known when the rules read its features.</summary>
    public bool HasDynamicPamt { get; private set; }

    /// <summary>Another kernel boots.</summary>
    public void Reset()
    {
        _cmrs.Clear();
        Limits = default;
        HasDynamicPamt = false;
    }

    /// <summary>Reads all that the rules ask for; a field that fails ends it.</summary>
    public int Read()
    {
        var error = rules.RequiresNoRbpMod ? CheckFeatures() : 0;
        error = error == 0 && rules.CmrReading == CmrReading.SysInfo ? ReadSysInfo() : error;
        error = error == 0 ? ReadLimits() : error;
        return error == 0 && rules.CmrReading == CmrReading.SysRd ? ReadCmrs() : error;
    }

    /// <summary>get_tdx_tdmr_sysinfo(): five 16-bit fields in this order.</summary>
    private int ReadLimits()
    {
        const int Count = 5;
        Span<ushort> values = stackalloc ushort[Count];
        for (var turn = 0; turn < Count; turn++)
        {
            var i = rules.Sequence.ReadsLimitsBackwards ? Count - 1 - turn : turn;
            var error = ReadField(LimitFields[i], out var value);
            if (error != 0)
            {
                return error;
            }

            values[i] = unchecked((ushort)value);
        }

        Limits = new ModuleLimits(values[0], values[1], values[2], values[3], values[4]);
        return 0;
    }

    private int CheckFeatures()
    {
        var error = ReadField(MetadataField.Features0, out var features);
        HasDynamicPamt = (features & MetadataField.FeatureDynamicPamt) != 0;
        if (error == 0 && (features & MetadataField.FeatureNoRbpMod) == 0)
        {
            environment.Log(KernelLine.NoRbpModMissing);
            return -Errno.Einval;
        }

        return error;
    }

    private int ReadCmrs()
    {
        var error = ReadField(MetadataField.NumCmrs, out var count);
        for (ulong i = 0; error == 0 && i < Math.Min(count, Cmr.MaxSlots); i++)
        {
            error = ReadField(MetadataField.CmrBase + i, out var start);
            ulong size = 0;
            error = error == 0 ? ReadField(MetadataField.CmrSize + i, out size) : error;
            AddCmr(start, size);
        }

        return error;
    }

    private int ReadSysInfo()
    {
        var registers = new SeamcallRegisters(
            Rcx: HostPhysicalMemory.SysInfo, Rdx: SysInfoBytes, R8: HostPhysicalMemory.CmrInfo, R9: Cmr.MaxSlots);
        var error = port.CallAndPrintRegisters(Lp, SeamcallLeaf.SysInfo, ref registers);
        for (ulong i = 0; error == 0 && i < Math.Min(registers.R9, Cmr.MaxSlots); i++)
        {
            var slot = HostPhysicalMemory.CmrInfo + (16 * i);
            AddCmr(memory.Read(slot), memory.Read(slot + 8));
        }

        return error;
    }

    private void AddCmr(ulong start, ulong size)
    {
        if (size != 0 || rules.Reserved.KeepsEmptyCmrs)
        {
            _cmrs.Add(AddressRange.OfSize(start, size));
        }
    }

    private int ReadField(ulong field, out ulong value)
    {
        var registers = new SeamcallRegisters(Rdx: field);
        var error = port.CallAndPrintRegisters(Lp, SeamcallLeaf.SysRd, ref registers);
        value = registers.R8;
        return (rules.Sequence.Ignores & IgnoredFailures.Read) == 0 ? error : 0;
    }
}
