// SPDX-License-Identifier: MIT

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Subjects.Kernel;

/// <summary>
/// Sizes, offsets and numbers that this program shares with native/kernel, by their names in C. env/layout.c has the
/// library's, and asserts them when it is compiled.
/// </summary>
public static class NativeLayout
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>This program's. Underscores and case are each language's own, and don't count.</summary>
    public static IReadOnlyDictionary<string, ulong> Own { get; } = OfStructs().Concat(OfNumbers())
        .ToDictionary(static r => Bare(r.Name), static r => r.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>The first row in which a library differs from this program, in words, or null.</summary>
    public static string? FirstDifference(IReadOnlyCollection<KeyValuePair<string, ulong>> library)
    {
        foreach (var (name, value) in library)
        {
            if (!Own.TryGetValue(Bare(name), out var own))
                return $"only the library has {name}";

            if (own != value)
                return $"{name} is {value} in the library, {own} in the program";
        }

        var names = library.Select(static r => Bare(r.Key)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var missing = Own.Keys.FirstOrDefault(k => !names.Contains(k));
        return missing is null ? null : $"only the program has {missing}";
    }

    private static IEnumerable<(string Name, ulong Value)> OfStructs() =>
    [
        .. Of<NativeRegisters>("env_registers"), .. Of<NativeCalls>("env_calls"), .. Of<NativeMachine>("env_machine"),
        .. Of<MemblockCall>("env_memblock_call"), .. Of<MemblockRegion>("env_region"), .. Of<NativeEntry>("env_entry"),
        .. Of<NativeState>("env_state"), .. Of<NativeCapture>("env_capture"), .. Of<NativeReport>("env_report"),
        .. Of<NativeStep>("env_step"), .. Of<NativeCase>("env_case"),
    ];

    private static IEnumerable<(string Name, ulong Value)> OfNumbers() =>
    [
        ("ENV_RETURNED", (ulong)NativeEnd.Returned),
        ("ENV_PANIC", (ulong)NativeEnd.Panic),
        ("ENV_BUG", (ulong)NativeEnd.Bug),
        ("ENV_FAULT", (ulong)NativeEnd.Fault),
        ("ENV_UNLOCKED", (ulong)NativeEnd.Unlocked),
        ("ENV_STOPPED", (ulong)NativeEnd.Stopped),
        ("ENV_UNAVAILABLE", (ulong)NativeEnd.Unavailable),
        ("ENV_MEMLIST_ENTRY", (ulong)AllocationSite.MemlistEntry),
        ("ENV_PA_ARRAY", (ulong)AllocationSite.TdmrPaArray),
        ("ENV_PACKAGE_MASK", (ulong)AllocationSite.PackageMask),
        ("ENV_TDMR_BUFFER", (ulong)AllocationSite.TdmrBuffer),
        ("ENV_PAMT", (ulong)AllocationSite.Pamt),
        ("ENV_OTHER", (ulong)AllocationSite.Other),
        ("ENV_MOVABLE", (ulong)PageRequest.Movable),
        ("ENV_THIS_NODE", (ulong)PageRequest.ThisNode),
        ("ENV_NO_RECLAIM", (ulong)PageRequest.NoReclaim),
        ("ENV_LOW", (ulong)PageRequest.Low),
        ("ENV_SLEPT", (ulong)Misuse.Slept),
        ("ENV_WAITED_FOR_CPUS", (ulong)Misuse.WaitedForCpus),
        ("ENV_LOCKED_TWICE", (ulong)Misuse.LockedTwice),
        ("ENV_NOT_LOCKED", (ulong)Misuse.NotLocked),
        ("ENV_LEFT_ATOMIC", (ulong)Misuse.LeftAtomic),
        ("ENV_STOPPED_CHAIN", (ulong)Misuse.StoppedChain),
        ("ENV_PREEMPTIBLE", (ulong)Misuse.Preemptible),
        ("ENV_CPUS_READ", (ulong)HostLock.CpusRead),
        ("ENV_TDX_MODULE", (ulong)HostLock.TdxModule),
        ("ENV_MEM_HOTPLUG_READ", (ulong)HostLock.MemHotplugRead),
        ("ENV_SYSINIT", (ulong)HostLock.Sysinit),
        ("ENV_MEM_HOTPLUG_WRITE", (ulong)HostLock.MemHotplugWrite),
        ("ENV_SEAMLDR", (ulong)HostLock.Seamldr),
        ("ENV_UPDATE_CONTROL", (ulong)HostLock.UpdateControl),
        ("ENV_NO_XSAVE", (ulong)MissingFeatures.Xsave),
        ("ENV_NO_MOVDIR64B", (ulong)MissingFeatures.Movdir64B),
        ("ENV_NO_SELFSNOOP", (ulong)MissingFeatures.SelfSnoop),
        ("ENV_NO_VMX", (ulong)MissingFeatures.Vmx),
        ("ENV_ADD", (ulong)MemblockCallKind.Add),
        ("ENV_REMOVE", (ulong)MemblockCallKind.Remove),
        ("ENV_RESERVE", (ulong)MemblockCallKind.Reserve),
        ("ENV_FREE", (ulong)MemblockCallKind.Free),
        ("ENV_SET_NODE", (ulong)MemblockCallKind.SetNode),
        ("ENV_MARK_HOTPLUG", (ulong)MemblockCallKind.MarkHotplug),
        ("ENV_MARK_MIRROR", (ulong)MemblockCallKind.MarkMirror),
        ("ENV_MARK_NOMAP", (ulong)MemblockCallKind.MarkNomap),
        ("ENV_CLEAR_HOTPLUG", (ulong)MemblockCallKind.ClearHotplug),
        ("ENV_CLEAR_NOMAP", (ulong)MemblockCallKind.ClearNomap),
        ("ENV_TRIM", (ulong)MemblockCallKind.Trim),
        ("ENV_MARK_KHO_SCRATCH", (ulong)MemblockCallKind.MarkKhoScratch),
        ("ENV_SET_NODE_RESERVED", (ulong)MemblockCallKind.SetNodeReserved),
        ("ENV_MARK_NOINIT", (ulong)MemblockCallKind.MarkNoinit),
        ("ENV_BOTTOM_UP", (ulong)MemblockCallKind.BottomUp),
        ("ENV_LIMIT", (ulong)MemblockCallKind.CurrentLimit),
        ("ENV_ALLOC", (ulong)MemblockCallKind.Alloc),
        ("ENV_ALLOC_EXACT", (ulong)MemblockCallKind.AllocExact),
        ("ENV_PHYS_ALLOC", (ulong)MemblockCallKind.PhysAlloc),
        ("ENV_OVERLAPS", (ulong)MemblockCallKind.Overlaps),
        ("ENV_OVERLAPS_RESERVED", (ulong)MemblockCallKind.OverlapsReserved),
        ("ENV_WALK", (ulong)MemblockCallKind.Walk),
        ("ENV_ALLOW_RESIZE", (ulong)MemblockCallKind.AllowResize),
        ("ENV_SLAB", (ulong)MemblockCallKind.SlabIsAvailable),
        ("ENV_VALIDATE_COVERAGE", (ulong)MemblockCallKind.ValidateCoverage),
        ("ENV_ANSWERS", MemblockTable.MaxAnswers),
        ("ENV_STEP_ENABLE", (ulong)StepKind.EnableTdx),
        ("ENV_STEP_ADD_MEMORY", (ulong)StepKind.AddMemory),
        ("ENV_STEP_GOING_ONLINE", (ulong)StepKind.GoingOnline),
        ("ENV_STEP_MACHINE_CHECK", (ulong)StepKind.MachineCheck),
        .. OfLife(),
    ];

    private static IEnumerable<(string Name, ulong Value)> OfLife() =>
    [
        ("ENV_CPU_ONLINE", (ulong)StepKind.CpuOnline),
        ("ENV_CPU_OFFLINE", (ulong)StepKind.CpuOffline),
        ("ENV_KEYID_ALLOC", (ulong)StepKind.KeyIdAlloc),
        ("ENV_KEYID_FREE", (ulong)StepKind.KeyIdFree),
        ("ENV_SUSPEND", (ulong)StepKind.Suspend),
        ("ENV_MODULE_UPDATE", (ulong)StepKind.ModuleUpdate),
        ("ENV_SHUTDOWN", (ulong)StepKind.Shutdown),
        ("ENV_KEXEC", (ulong)StepKind.Kexec),
        ("ENV_CRASH", (ulong)StepKind.Crash),
        ("ENV_IMAGE_WHOLE", (ulong)ModuleImage.Whole),
        ("ENV_IMAGE_NO_HEADER", (ulong)ModuleImage.NoHeader),
        ("ENV_IMAGE_WRONG_LENGTH", (ulong)ModuleImage.WrongLength),
        ("ENV_IMAGE_WRONG_VERSION", (ulong)ModuleImage.WrongVersion),
        ("ENV_IMAGE_TWO_SIGNATURES", (ulong)ModuleImage.TwoSignatures),
        ("ENV_IMAGE_TOO_LARGE", (ulong)ModuleImage.TooLarge),
        ("ENV_IMAGE_WRONG_MAGIC", (ulong)ModuleImage.WrongMagic),
        ("ENV_IMAGE_RESERVED_BITS", (ulong)ModuleImage.ReservedBits),
        ("ENV_IMAGE_TOO_LONG", (ulong)ModuleImage.TooLong),
        ("ENV_IMAGE_LARGEST", (ulong)ModuleImage.Largest),
        ("ENV_IMAGE_PFN", SeamldrParams.ImagePfn),
        ("ENV_CPU_JOINS", (ulong)CpuTurn.Joins),
        ("ENV_CPU_STARTS", (ulong)CpuTurn.Starts),
        ("ENV_CPU_PASSES", (ulong)CpuTurn.Passes),
        ("ENV_CPU_WAITS", (ulong)CpuTurn.Waits),
        ("ENV_CPU_ENDS", (ulong)CpuTurn.Ends),
    ];

    /// <summary>Size and offsets of a struct. All are blittable: they lie in memory as they are marshalled.</summary>
    private static IEnumerable<(string Name, ulong Value)> Of<T>(string name)
        where T : unmanaged
    {
        yield return (name, (ulong)Unsafe.SizeOf<T>());
        foreach (var field in typeof(T).GetFields(Fields))
        {
            // A property's field is called <Property>k__BackingField.
            var property = field.Name.Split('<', '>') is [_, var inside, ..] ? inside : field.Name;
            yield return ($"{name}.{property}", (ulong)Marshal.OffsetOf<T>(field.Name));
        }
    }

    private static string Bare(string name) => name.Replace("_", "", StringComparison.Ordinal);
}
