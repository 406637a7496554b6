// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Races;

/// <summary>What the threads run: tdx_enable(), and memory that is added, put online and removed.</summary>
internal static class RacePrograms
{
    private const int AddedBlock = 7;
    private const int RemovedBlock = 5;

    private static readonly RaceStep LockModule = new(
        "mutex_lock(&tdx_module_lock)",
        static (world, _) => world.ModuleOwner < 0,
        static (world, thread) =>
        {
            world.ModuleOwner = thread.Id;
            return 1;
        });

    private static readonly RaceStep UnlockModule = new("mutex_unlock(&tdx_module_lock)", static (world, _) =>
    {
        world.ModuleOwner = -1;
        return 1;
    });

    private static readonly RaceStep Read = new(
        "get_online_mems()",
        static (world, _) => world.Writer < 0 && world.WaitingWriter < 0,
        static (world, _) =>
        {
            world.Readers++;
            return 1;
        });

    private static readonly RaceStep EndRead = new("put_online_mems()", static (world, _) =>
    {
        world.Readers--;
        return 1;
    });

    private static readonly RaceStep Wait = new(
        "mem_hotplug_begin() waits",
        static (world, _) => world.WaitingWriter < 0,
        static (world, thread) =>
        {
            world.WaitingWriter = thread.Id;
            return 1;
        });

    private static readonly RaceStep Write = new(
        "mem_hotplug_begin()",
        static (world, thread) => world.Readers == 0 && world.Writer < 0,
        static (world, thread) =>
        {
            world.Writer = thread.Id;
            world.WaitingWriter = -1;
            return 1;
        });

    private static readonly RaceStep EndWrite = new("mem_hotplug_done()", static (world, _) =>
    {
        world.Writer = -1;
        return 1;
    });

    /// <summary>tdx_enable() by some locks.</summary>
    public static RaceStep[] Enable(RaceLocks locks, bool isReversed)
    {
        var program = new List<RaceStep>();
        RaceStep[] outer = locks.HasModuleLock ? [LockModule] : [];
        RaceStep[] inner = locks.HasMemHotplugLock ? [Read] : [];
        RaceStep[] endInner = locks.HasMemHotplugLock ? [EndRead] : [];
        RaceStep[] endOuter = locks.HasModuleLock ? [UnlockModule] : [];
        var body = Body();

        // Who comes second finds the module initialised and goes past everything to the unlocking.
        if (isReversed)
        {
            program.AddRange([.. inner, .. outer, Check(body.Length + 1), .. body, .. endOuter, .. endInner]);
        }
        else
        {
            program.AddRange(
                [.. outer, Check(inner.Length + body.Length + endInner.Length + 1), .. inner, .. body, .. endInner,
                    .. endOuter]);
        }

        return [.. program];
    }

    /// <summary>Memory is removed, other memory is added and comes online, one locked section after another.</summary>
    public static RaceStep[] Hotplug() =>
    [
        Wait, Write,
        new($"memblock_remove(block {RemovedBlock})",
            static (world, _) => Change(world, static m => m.Remove(RemovedBlock))), EndWrite,
        Wait, Write,
        new($"memblock_add_node(block {AddedBlock})",
            static (world, _) => Change(world, static m => m.Add(AddedBlock))), EndWrite,
        Wait, Write, new("MEM_GOING_ONLINE: list_empty(&tdx_memlist)", StartLookup),
        new("is_tdx_memory(): next entry", Lookup), new("notifier answers", Answer), EndWrite,
    ];

    private static RaceStep Check(int past) =>
        new("tdx_module_status", (world, _) => world.Configured is null ? 1 : past);

    private static RaceStep[] Body() =>
    [
        new("build_tdx_memlist(): next range", static (world, thread) =>
        {
            if (thread.Place >= world.Memblock.Count)
                return 1;

            world.Memlist.Add(world.Memblock[thread.Place++]);
            return 0;
        }),
        new("TDH.SYS.CONFIG", static (world, _) =>
        {
            world.Configured = [.. world.Memlist];
            world.Configurations++;
            return 1;
        }),
    ];

    private static int Change(RaceContext world, Action<List<int>> change)
    {
        change(world.Memblock);
        world.History.Add([.. world.Memblock]);
        return 1;
    }

    private static int StartLookup(RaceContext world, RaceThread thread)
    {
        thread.Place = 0;
        thread.IsFound = world.Memlist.Count == 0;
        return thread.IsFound ? 2 : 1;
    }

    private static int Lookup(RaceContext world, RaceThread thread)
    {
        if (thread.Place >= world.Memlist.Count)
            return 1;

        thread.IsFound = world.Memlist[thread.Place++] == AddedBlock;
        return thread.IsFound ? 1 : 0;
    }

    private static int Answer(RaceContext world, RaceThread thread)
    {
        world.Verdicts.Add((AddedBlock, thread.IsFound, world.Configured is not null));
        if (thread.IsFound)
            world.Managed.Add(AddedBlock);

        return 1;
    }
}
