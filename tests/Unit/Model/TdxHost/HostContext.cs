// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

/// <summary>Host code alone, with 1 GiB of RAM and a module that writes down what it is asked.</summary>
internal sealed class HostContext
{
    public HostContext(KernelPolicy? rules = null)
    {
        Memblock.Growth = ArrayGrowth.FromSlab;
        Memblock.AddNode(M, G - M, 0, MemblockFlags.None);
        Environment = new HostEnvironment(Faults, Choices, new RisingPamts(), Trace);
        Host = new HostCode(Environment, rules ?? KernelPolicy.Merged, Module);
        Choices.TdmrInitStep = 0;
    }

    public Faults Faults { get; } = new();

    public Choices Choices { get; } = new();

    public Trace Trace { get; } = new();

    public MemblockTable Memblock { get; } = new();

    public WritingModule Module { get; } = new(new PermissiveModule(new ModulePlatform { Limits = ModuleLimits.Usual }, 0));

    public HostEnvironment Environment { get; }

    public HostCode Host { get; }

    /// <summary>All three entry points on one CPU.</summary>
    public int BringUp()
    {
        Host.Init(KeyIdPartition.Usual);
        var error = Host.CpuEnable(0);
        return error == 0 ? Host.Enable(Memblock) : error;
    }

    /// <summary>The same as the rest of the kernel does it: on every CPU, or as an initcall.</summary>
    public int BringAllUp()
    {
        Host.Init(KeyIdPartition.Usual);
        Host.Cpus.Reset(Choices.Cpus, Choices.Cpus + Choices.OfflineCpus);
        return Host.EnableAll(Memblock);
    }

    private sealed class RisingPamts : IPamtAllocator
    {
        private ulong _next = 0x10000000;

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

/// <summary>Keeps every call's operands, and the TDMRs of TDH.SYS.CONFIG, before another module answers.</summary>
internal sealed class WritingModule(ISeamcall inner) : ISeamcall
{
    public List<(int Lp, ulong Leaf, SeamcallRegisters Operands)> Calls { get; } = [];

    public List<TdmrInfo> Tdmrs { get; } = [];

    public ulong Call(int lp, ulong rax, ref SeamcallRegisters registers, IHostMemory memory)
    {
        Calls.Add((lp, rax, registers));
        for (ulong i = 0; rax == SeamcallLeaf.SysConfig && i < registers.Rdx; i++)
        {
            var tdmr = new TdmrInfo();
            tdmr.ReadFrom(memory, memory.Read(registers.Rcx + (8 * i)));
            Tdmrs.Add(tdmr);
        }

        return inner.Call(lp, rax, ref registers, memory);
    }
}
