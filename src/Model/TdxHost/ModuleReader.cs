// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>What the host reads from the module before it builds TDMRs.</summary>
internal sealed class ModuleReader(
    HostEnvironment environment, SeamcallPort port, IHostMemory memory, KernelPolicy policy)
{
    private const int Lp = 0;
    private const ulong SysInfoBytes = 1024;
    private const ulong MaxCpuidLeaves = 128;

    private static readonly ulong[] LimitFields =
    [
        MetadataField.MaxTdmrs, MetadataField.MaxReservedPerTdmr,
        MetadataField.Pamt4KEntrySize, MetadataField.Pamt2MEntrySize, MetadataField.Pamt1GEntrySize,
    ];

    /// <summary>TDR_BASE_SIZE, TDCS_BASE_SIZE, TDVPS_BASE_SIZE, ATTRIBUTES_FIXED0 and 1, XFAM_FIXED0 and 1.</summary>
    private static readonly ulong[] TdFields =
    [
        0x9800000100000000, 0x9800000100000100, 0x9800000100000200,
        0x1900000300000000, 0x1900000300000001, 0x1900000300000002, 0x1900000300000003,
    ];

    private static readonly ulong[] VersionFields =
        [MetadataField.MinorVersion, MetadataField.MajorVersion, MetadataField.UpdateVersion];

    private readonly List<AddressRange> _cmrs = [];
    private readonly List<ulong> _values = [];
    private ulong _features;

    public ModuleLimits Limits { get; private set; }

    /// <summary>Convertible memory, empty slots left out, when the policy reads it.</summary>
    public List<AddressRange> Cmrs => _cmrs;

    /// <summary>Of all that tdx_get_sysinfo() tells, where the policy keeps it; 0 before it is read.</summary>
    public ulong SysinfoDigest
    {
        get
        {
            var digest = _values.Count > 0 ? WordDigest.Start : 0;
            foreach (var value in _values)
                digest = WordDigest.With(digest, value);

            return digest;
        }
    }

    /// <summary>The module reports Dynamic PAMT; only known when the policy reads its features.</summary>
    public bool HasDynamicPamt => (_features & MetadataField.FeatureDynamicPamt) != 0;

    /// <summary>Guests live through an update of the module.</summary>
    public bool PreservesTds => (_features & MetadataField.FeatureTdPreserving) != 0;

    public void Reset()
    {
        _cmrs.Clear();
        Limits = default;
        _features = 0;
        _values.Clear();
    }

    /// <summary>Reads all that the policy asks for; a field that fails ends it.</summary>
    public int Read()
    {
        var error = policy.Metadata == MetadataReading.AllAndVersion ? ReadVersion() : 0;
        error = error == 0
            && policy.Metadata != MetadataReading.Limits ? ReadField(MetadataField.Features0, out _features) : error;
        error = error == 0 && policy.CmrReading == CmrReading.SysInfo ? ReadSysInfo() : error;
        error = error == 0 ? ReadLimits() : error;
        error = error == 0 && policy.Metadata != MetadataReading.Limits ? ReadTds() : error;
        error = error == 0 && policy.DynamicPamt
            && HasDynamicPamt ? ReadField(MetadataField.PamtPageBitmapEntryBits, out _) : error;
        error = error == 0 && policy.CmrReading == CmrReading.SysRd ? ReadCmrs() : error;
        return error == 0 && policy.RequiresNoRbpMod ? CheckFeatures() : error;
    }

    /// <summary>get_tdx_sys_info_handoff(), in front of an update.</summary>
    public int ReadHandoffVersion(out ulong version)
    {
        var error = CallForField(MetadataField.ModuleHandoffVersion, out version);
        version = unchecked((ushort)version);
        return error;
    }

    /// <summary>get_tdx_sys_info_version() behind an update: what can't be read stays as it was.</summary>
    public int ReadVersionAgain()
    {
        var error = 0;
        for (var i = 0; error == 0 && i < VersionFields.Length; i++)
        {
            error = CallForField(VersionFields[i], out var value);
            if (error == 0)
                _values[i] = value;
        }

        return error;
    }

    /// <summary>get_tdx_tdmr_sysinfo(): five 16-bit fields in this order.</summary>
    private int ReadLimits()
    {
        const int Count = 5;
        Span<ushort> values = stackalloc ushort[Count];
        for (var i = 0; i < Count; i++)
        {
            var error = ReadField(LimitFields[i], out var value);
            if (error != 0)
                return error;

            values[i] = unchecked((ushort)value);
        }

        Limits = new ModuleLimits(values[0], values[1], values[2], values[3], values[4]);
        return 0;
    }

    /// <summary>get_tdx_sys_info_version(): printed even when it could not be read.</summary>
    private int ReadVersion()
    {
        ulong major = 0, update = 0;
        var error = ReadField(MetadataField.MinorVersion, out var minor);
        error = error == 0 ? ReadField(MetadataField.MajorVersion, out major) : error;
        error = error == 0 ? ReadField(MetadataField.UpdateVersion, out update) : error;
        environment.Log(KernelLine.ModuleVersion, major, minor, update);
        return error;
    }

    /// <summary>get_tdx_sys_info_td_ctrl() and get_tdx_sys_info_td_conf(): what guests will need.</summary>
    private int ReadTds()
    {
        ulong leaves = 0;
        var error = 0;
        for (var i = 0; error == 0 && i < TdFields.Length; i++)
            error = ReadField(TdFields[i], out _);

        error = error == 0 ? ReadField(MetadataField.NumCpuidConfig, out leaves) : error;
        error = error == 0 ? ReadField(MetadataField.MaxVcpusPerTd, out _) : error;
        if (leaves > MaxCpuidLeaves)
            return -Errno.Einval;

        for (ulong i = 0; error == 0 && i < leaves; i++)
            error = ReadField(MetadataField.CpuidConfigLeaves + i, out _);

        for (ulong i = 0; error == 0 && i < 2 * leaves; i++)
            error = ReadField(MetadataField.CpuidConfigValues + i, out _);

        return error;
    }

    /// <summary>check_features().</summary>
    private int CheckFeatures()
    {
        if ((_features & MetadataField.FeatureNoRbpMod) != 0)
            return 0;

        environment.Log(KernelLine.NoRbpModMissing);
        return -Errno.Einval;
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
        if (size != 0)
            _cmrs.Add(AddressRange.OfSize(start, size));
    }

    private int ReadField(ulong field, out ulong value)
    {
        var error = CallForField(field, out value);
        if (policy.Metadata == MetadataReading.AllAndVersion)
            _values.Add(value);

        return error;
    }

    private int CallForField(ulong field, out ulong value)
    {
        var registers = new SeamcallRegisters(Rdx: field);
        var error = port.CallAndPrintRegisters(Lp, SeamcallLeaf.SysRd, ref registers);
        value = registers.R8;
        return error;
    }
}
