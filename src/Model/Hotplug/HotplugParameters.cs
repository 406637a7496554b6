// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;

namespace TdxVerify.Model.Hotplug;

/// <summary>The words of the command line that decide zones and hotplug.</summary>
public sealed record HotplugParameters
{
    private const ulong UsualRatio = 301;

    private static readonly string[] TypeNames = ["offline", "online", "online_kernel", "online_movable"];

    /// <summary>kernelcore= in pages, or 0.</summary>
    public ulong KernelcorePages { get; private init; }

    /// <summary>kernelcore=N%.</summary>
    public ulong KernelcorePercent { get; private init; }

    /// <summary>movablecore= in pages, or 0.</summary>
    public ulong MovablecorePages { get; private init; }

    /// <summary>movablecore=N%.</summary>
    public ulong MovablecorePercent { get; private init; }

    public bool MovableNode { get; private init; }

    /// <summary>memory_hotplug.memmap_on_memory=1 or force.</summary>
    public bool MemmapOnMemory { get; private init; }

    /// <summary>memory_hotplug.online_policy=auto-movable.</summary>
    public bool AutoMovable { get; private init; }

    /// <summary>memory_hotplug.auto_movable_ratio: percent of kernel memory that may be movable besides.</summary>
    public ulong AutoMovableRatio { get; private init; } = UsualRatio;

    /// <summary>memory_hotplug.auto_movable_numa_aware.</summary>
    public bool AutoMovableNumaAware { get; private init; } = true;

    /// <summary>memhp_default_state=, or null.</summary>
    public OnlineType? DefaultState { get; private init; }

    /// <summary>max_mem_size in bytes: mem= bounds what is added during boot.</summary>
    public ulong MaxMemory { get; private init; } = ulong.MaxValue;

    public static HotplugParameters None { get; } = new();

    /// <summary>Reads a command line; later words win, others are skipped.</summary>
    public static HotplugParameters Read(string words)
    {
        var read = None;
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var value = equals < 0 ? "" : word[(equals + 1)..];
            read = (equals < 0 ? word : word[..equals]) switch
            {
                "kernelcore" when value != "mirror" =>
                    read with { KernelcorePages = Pages(value), KernelcorePercent = Percent(value) },
                "movablecore" => read with { MovablecorePages = Pages(value), MovablecorePercent = Percent(value) },
                "movable_node" => read with { MovableNode = true },
                "memhp_default_state" => read with { DefaultState = TypeOf(value) ?? read.DefaultState },
                "mem" => read with { MaxMemory = Bytes(value) is var bytes and not 0 ? bytes : read.MaxMemory },
                "memory_hotplug.memmap_on_memory" => read with { MemmapOnMemory = IsTrue(value) || value == "force" },
                "memory_hotplug.online_policy" when value is "auto-movable" or "contig-zones" =>
                    read with { AutoMovable = value == "auto-movable" },
                "memory_hotplug.auto_movable_ratio" => read with { AutoMovableRatio = Bytes(value) },
                "memory_hotplug.auto_movable_numa_aware" =>
                    read with { AutoMovableNumaAware = equals < 0 || IsTrue(value) },
                _ => read,
            };
        }

        return read;
    }

    /// <summary>The word of a type: "online_movable".</summary>
    public static string NameOf(OnlineType type) => TypeNames[(int)type];

    /// <summary>mhp_online_type_from_str(): sysfs_streq(), so that one newline at the end is nothing; null:
    /// -EINVAL.</summary>
    public static OnlineType? TypeOf(string text) =>
        Array.IndexOf(TypeNames, text.EndsWith('\n') ? text[..^1] : text) is >= 0 and var type
            ? (OnlineType)type
            : null;

    private static bool IsTrue(string value) => value.Length > 0 && value[0] is '1' or 'y' or 'Y' or 't' or 'T';

    private static ulong Bytes(string value)
    {
        var rest = value.AsSpan();
        return KernelNumber.WithUnit(ref rest);
    }

    private static ulong Percent(string value)
    {
        var rest = value.AsSpan();
        var number = KernelNumber.Plain(ref rest);
        return rest.StartsWith("%", StringComparison.Ordinal) ? number : 0;
    }

    private static ulong Pages(string value) => value.EndsWith('%') ? 0 : Bytes(value) >> Sizes.PageShift;
}
