// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects;

/// <summary>
/// What differs between subjects: the model, a kernel's own code, a recorded boot. A host records what happens in its
/// trace; what it can't do it leaves out (null), and then the trace says so.
/// </summary>
public interface IHost
{
    string Name { get; }

    /// <summary>What it did in the last scenario; good until it boots again.</summary>
    Trace Trace { get; }

    Observes Observes => Observes.All;

    /// <summary>Watches what can cost system calls to watch: who touches memory that is freed, or that a lock guards.
    /// Few hosts have anything of the kind.</summary>
    bool IsGuarded
    {
        get => false;
        set { }
    }

    /// <summary>What kernel code said or touched before it crashed in the last scenario, or null.</summary>
    string? CrashMessage => null;

    /// <summary>Where kernel code did the first thing it must not in the last scenario, or null.</summary>
    string? MisusePlace => null;

    /// <summary>The text of a log line that no release has, by the number that its event carries; null: nobody
    /// knows.</summary>
    string? TextOfLine(ulong number) => null;

    /// <summary>The thread that calls takes steps from now on, too.</summary>
    void Enter()
    {
    }

    /// <summary>Boots the machine, with the gates of tdx_init().</summary>
    void Boot(Scenario scenario);

    /// <summary>tdx_cpu_enable() on every CPU, then tdx_enable(): 0 or a negative errno.</summary>
    int? Enable() => null;

    /// <summary>memblock_add_node() as hot-add makes it: 0 or a negative errno.</summary>
    int? AddMemory(in Step step) => null;

    /// <summary>MEM_GOING_ONLINE for page frames [pfn, pfn+count): 0, or the negative errno of the
    /// notifier's verdict.</summary>
    int? GoingOnline(ulong pfn, ulong count) => null;

    /// <summary>tdx_dump_mce_info() on a physical address: 1 when it says something.</summary>
    int? MachineCheck(ulong address) => null;

    /// <summary>A step of CPUs, guests' KeyIDs, sleep, the module's update, or the end of the kernel: 0 or more, or a
    /// negative errno.</summary>
    int? Live(in Step step) => null;

    /// <summary>A step on memory blocks, DIMMs or guests: 0 or a negative errno.</summary>
    int? Hotplug(in Step step) => null;

    void Capture(Snapshot snapshot);
}
