// SPDX-License-Identifier: MIT

using TdxVerify.Model;
using TdxVerify.Model.Hotplug;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.Numa;

namespace TdxVerify.Subjects;

/// <summary>Memory blocks and zones of the model, their files, DIMM slots and guests: what steps on memory blocks act
/// on.</summary>
public sealed class HotplugMachine
{
    private readonly GuestMemory _guest;

    /// <summary>A machine without memory.</summary>
    /// <param name="around">Who is notified, and which blocks can go offline.</param>
    public HotplugMachine(
        MemblockTable memblock, IArchKeepMemblock kept, IHotplugEnvironment around, KernelPolicy policy,
            GuestMemory guest)
    {
        Memory = new MemoryHotplug(memblock, kept, around) { Policy = policy };
        Slots = new MemorySlots(Memory);
        Files = new BlockFiles(Memory);
        _guest = guest;
    }

    public MemoryHotplug Memory { get; }
    public MemorySlots Slots { get; }
    public BlockFiles Files { get; }

    /// <summary>Boots the machine of a scenario.</summary>
    public void Boot(Scenario scenario, BootResult boot)
    {
        var machine = scenario.Machine;
        var e820 = machine.E820.Count > 0 ? BootFlow.BuildE820(machine) : null;
        var parameters = HotplugParameters.Read($"{machine.Options.MemoryWords} {machine.Options.HotplugWords}");
        Slots.Clear();
        _guest.Clear();
        Memory.Boot(boot, machine.Srat, e820, scenario.Choices.RunsUnderHypervisor, HotplugConfig.TdxHost, parameters);
        Memory.EndBoot();
    }

    /// <summary>Takes a step on memory blocks, DIMMs or guests.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Take(in Step step, Snapshot now)
    {
        switch (step.Kind)
        {
            case StepKind.HotAdd:
            case StepKind.HotAddManaged:
                var isManaged = step.Kind == StepKind.HotAddManaged;
                return IsDimm(step)
                    ? -Errno.Eexist
                    : Memory.Add(step.Nid, step.Address, step.Size, isManaged, hasMemmap: true, group: null);
            case StepKind.BlockOnline:
            case StepKind.BlockOffline:
                var type = step.Kind == StepKind.BlockOffline ? OnlineType.Offline : step.Type;
                return Files.WriteState(step.Address / Memory.Blocks.BlockSize, HotplugParameters.NameOf(type));
            case StepKind.HotRemove:
                return IsDimm(step) ? -Errno.Ebusy : Memory.Remove(step.Address, step.Size);
            case StepKind.OfflineAndRemove:
                return IsDimm(step) ? -Errno.Ebusy : Memory.OfflineAndRemove(step.Address, step.Size);
            case StepKind.AutoOnline:
                return Files.WriteAutoOnline(HotplugParameters.NameOf(step.Type));
            case StepKind.PlugDimm:
                return Slots.Plug(new MemoryDevice("", step.Nid, step.Range));
            case StepKind.GuestPolicy:
            case StepKind.GuestVmaPolicy:
                return _guest.SetPolicy(now, step.Nodes, step.Kind == StepKind.GuestVmaPolicy, step.IsForTdx);
            case StepKind.GuestPage:
                return _guest.TakePage(now);
            default:
                return Slots.At(step.Address) is { } device ? Slots.Unplug(device) : -Errno.Enodev;
        }
    }

    /// <summary>What is in a slot comes and goes with its DIMM: that another driver adds or removes it is a BUG() at
    /// the next unplug.</summary>
    private bool IsDimm(in Step step) => Slots.Overlaps(step.Range);
}
