// SPDX-License-Identifier: MIT

using TdxVerify.Model;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;

namespace TdxVerify.Bench.Inputs;

/// <summary>Host code on a machine that leads to a number of TDMRs of three ranges each, with a module that accepts
/// everything.</summary>
public sealed class TdmrHost
{
    private const int RangesPerTdmr = 3;

    private readonly Faults _faults = new();
    private readonly Choices _choices = new() { TdmrInitStep = 0 };
    private readonly RisingPages _pages = new();
    private readonly ModulePlatform _platform = new();
    private readonly MemblockTable _memblock = new();
    private readonly PermissiveModule _module;
    private readonly HostEnvironment _environment;
    private readonly HostCode _host;

    /// <summary>A machine.</summary>
    /// <param name="tdmrs">Number of TDMRs, at most 64.</param>
    public TdmrHost(int tdmrs)
    {
        _module = new PermissiveModule(_platform, 0);
        _environment = new HostEnvironment(_faults, _choices, _pages, new Trace());
        _host = new HostCode(_environment, KernelPolicy.Merged, _module);
        _memblock.Growth = ArrayGrowth.FromSlab;
        for (var i = 0; i < tdmrs; i++)
        {
            for (var j = 0; j < RangesPerTdmr; j++)
            {
                _memblock.AddNode(
                    ((ulong)i * 2 * Sizes.Page1G) + Sizes.Page1G + ((ulong)j * 256 * Sizes.Mib), 128 * Sizes.Mib,
                    i & 1, MemblockFlags.None);
            }
        }
    }

    public int Tdmrs => _host.TdmrList.Consumed;

    /// <summary>A booting kernel that enables TDX: list, TDMRs, PAMTs, reserved areas, and the few calls around
    /// them.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Enable()
    {
        _environment.Trace.Clear();
        _pages.Reset();
        _module.Reset(_platform, 0);
        _environment.Restart(_faults, _choices, _pages);
        _host.Reset(_module);
        _host.Init(KeyIdPartition.Usual);
        var error = _host.CpuEnable(0);
        return error == 0 ? _host.Enable(_memblock) : error;
    }

    /// <summary>Pages one behind the other above all memory.</summary>
    private sealed class RisingPages : IPamtAllocator
    {
        private const ulong First = 1UL << 38;

        private ulong _next = First;

        public void Reset() => _next = First;

        public bool TryAllocate(ulong pages, int nid, out ulong pfn)
        {
            pfn = _next;
            _next += pages;
            return true;
        }

        public void Free(ulong pfn, ulong pages)
        {
        }
    }
}
