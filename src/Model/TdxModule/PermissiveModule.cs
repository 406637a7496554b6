// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxModule;

/// <summary>Accepts whatever it is given: the module of recorded kernel cases, which are about the host code alone,
/// and of versions nobody knows.</summary>
public sealed class PermissiveModule : ISeamcall
{
    private ulong[] _starts = new ulong[SimulatedModule.MaxTdmrs];
    private ulong[] _nexts = new ulong[SimulatedModule.MaxTdmrs];
    private ulong[] _ends = new ulong[SimulatedModule.MaxTdmrs];
    private ModulePlatform _platform;
    private ulong _tdmrInitStep;
    private int _count;
    private bool _isAscending;

    /// <summary>A freshly loaded module.</summary>
    /// <param name="platform">What TDH.SYS.RD and TDH.SYS.INFO report.</param>
    /// <param name="tdmrInitStep">Bytes a TDH.SYS.TDMR.INIT does; 0: all.</param>
    public PermissiveModule(ModulePlatform platform, ulong tdmrInitStep)
    {
        _platform = platform;
        _tdmrInitStep = tdmrInitStep;
    }

    /// <summary>Makes it a freshly loaded module; the operands are those of the constructor.</summary>
    public void Reset(ModulePlatform platform, ulong tdmrInitStep)
    {
        _platform = platform;
        _tdmrInitStep = tdmrInitStep;
        _count = 0;
    }

    public ulong Call(int lp, ulong rax, ref SeamcallRegisters registers, IHostMemory memory)
    {
        switch (rax)
        {
            case SeamcallLeaf.SysRd:
                registers = registers with { R8 = Field(registers.Rdx) };
                break;
            case SeamcallLeaf.SysInfo:
                _platform.Cmrs.WriteTo(memory, registers.R8);
                registers = registers with { R9 = Cmr.MaxSlots };
                break;
            case SeamcallLeaf.SysConfig:
                Take(registers.Rcx, registers.Rdx, memory);
                break;
            case SeamcallLeaf.SysTdmrInit:
                registers = registers with { Rdx = Advance(registers.Rcx) };
                break;
            case SeamcallLeaf.PhymemPageRdmd:
                // PT_RSVD: the answer that makes the kernel look the address up among its PAMTs.
                registers = registers with { Rcx = 1 };
                break;
        }

        return TdxStatus.Success;
    }

    private void Take(ulong array, ulong count, IHostMemory memory)
    {
        _count = 0;
        _isAscending = true;
        for (ulong i = 0; i < count; i++)
        {
            var info = memory.Read(array + (8 * i));
            var start = memory.Read(info);
            Append(start, start + memory.Read(info + 8));
        }
    }

    private void Append(ulong start, ulong end)
    {
        if (_count == _starts.Length)
        {
            Array.Resize(ref _starts, 2 * _count);
            Array.Resize(ref _nexts, 2 * _count);
            Array.Resize(ref _ends, 2 * _count);
        }

        _isAscending &= _count == 0 || start > _starts[_count - 1];
        (_starts[_count], _nexts[_count], _ends[_count]) = (start, start, end);
        _count++;
    }

    private ulong Advance(ulong start)
    {
        var starts = _starts.AsSpan(0, _count);

        // Of TDMRs with the same base, which only a module that accepts everything takes, the last counts.
        var i = _isAscending ? starts.BinarySearch(start) : starts.LastIndexOf(start);
        if (i < 0)
            return ulong.MaxValue;

        _nexts[i] = _tdmrInitStep == 0 ? _ends[i] : Math.Min(_nexts[i] + _tdmrInitStep, _ends[i]);
        return _nexts[i];
    }

    private ulong Field(ulong id) => id switch
    {
        MetadataField.MaxTdmrs => _platform.Limits.MaxTdmrs,
        MetadataField.MaxReservedPerTdmr => _platform.Limits.MaxReservedPerTdmr,
        MetadataField.Pamt4KEntrySize => _platform.Limits.Pamt4KEntrySize,
        MetadataField.Pamt2MEntrySize => _platform.Limits.Pamt2MEntrySize,
        MetadataField.Pamt1GEntrySize => _platform.Limits.Pamt1GEntrySize,
        MetadataField.Features0 => _platform.Features0 ?? 0,
        MetadataField.NumCpuidConfig => _platform.CpuidConfigs,
        MetadataField.NumCmrs => Cmr.MaxSlots,
        >= MetadataField.CmrBase and < MetadataField.CmrBase + Cmr.MaxSlots =>
            _platform.Cmrs.Slots[(int)(id - MetadataField.CmrBase)].Base,
        >= MetadataField.CmrSize and < MetadataField.CmrSize + Cmr.MaxSlots =>
            _platform.Cmrs.Slots[(int)(id - MetadataField.CmrSize)].Size,
        _ => 0,
    };
}
