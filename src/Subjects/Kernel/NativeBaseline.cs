// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Model;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Subjects.Kernel;

/// <summary>Cases as a plain C loop of the library runs them: a module that accepts everything, nothing recorded,
/// nothing judged.</summary>
public sealed unsafe class NativeBaseline : IDisposable
{
    private readonly KernelLibrary _library;
    private readonly KernelPolicy _boot;
    private readonly List<NativeCase> _cases = [];
    private readonly List<nint> _memory = [];

    /// <summary>No cases yet.</summary>
    /// <param name="boot">How it boots; default: as 6.12.</param>
    public NativeBaseline(string library, KernelPolicy? boot = null)
    {
        _library = new KernelLibrary(library, KernelCallbacks.Table);
        _boot = boot ?? KernelPolicy.Merged;
    }

    /// <summary>True when what a lock guards is closed with protection keys, false when with mprotect().</summary>
    public bool HasProtectionKeys => _library.HasProtectionKeys;

    /// <summary>Adds a case; its faults are left out.</summary>
    public void Add(Scenario scenario, bool isGuarded)
    {
        var memblock = new MemblockTable { Calls = [] };
        new BootFlow(_boot).Run(scenario.Machine, memblock);
        var steps =
            scenario.Steps.Select(
                static s => new NativeStep { Kind = (int)s.Kind, Nid = s.Nid, Address = s.Address, Size = s.Size })
                    .ToArray();
        var machine = KernelHost.MachineOf(scenario, isGuarded);
        machine.Hibernation = machine.NotifierErrno = 0;
        _cases.Add(new NativeCase
        {
            Machine = machine,
            Calls = (MemblockCall*)Copy<MemblockCall>(CollectionsMarshal.AsSpan(memblock.Calls!)),
            CallCount = (uint)memblock.Calls!.Count,
            Steps = (NativeStep*)Copy<NativeStep>(steps),
            StepCount = (uint)steps.Length,
        });
    }

    public void Run() => _library.RunNativeBaseline(CollectionsMarshal.AsSpan(_cases));

    public void Dispose()
    {
        foreach (var memory in _memory)
            NativeMemory.Free((void*)memory);

        _memory.Clear();
        _cases.Clear();
    }

    private void* Copy<T>(ReadOnlySpan<T> items)
        where T : unmanaged
    {
        var memory = NativeMemory.Alloc((nuint)Math.Max(1, items.Length), (nuint)sizeof(T));
        items.CopyTo(new Span<T>(memory, items.Length));
        _memory.Add((nint)memory);
        return memory;
    }
}
