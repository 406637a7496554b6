// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;
using TdxVerify.Scenarios.Lines;

namespace TdxVerify.Scenarios;

/// <summary>One boot while its log is read: collects lines, bounded, and decides at the end which of them
/// count.</summary>
internal sealed class BootLog(LogDiagnostics diagnostics)
{
    private const int MaxRanges = 1 << 13;

    /// <summary>The last change of trim_bios_range().</summary>
    private static readonly E820Change TrimBios =
        new(E820ChangeKind.Remove, 0xa0000, 0x60000, E820Type.Ram, E820Type.None);

    private readonly List<E820Entry> _iomem = [];
    private readonly List<MemblockCall> _calls = [];
    private string _maker = "";
    private int _changesAtLastPfn = -1;
    private int _changesAtTrimBios = -1;
    private bool _memblockIsFilled;
    private bool _sawMtrrUpdate;
    private bool _hasUserMap;
    private (E820Entry[] Map, E820Change[] Changes)? _beforeModified;
    private bool _hasIomemAddress;
    private int _iomemIndent = int.MaxValue;

    public BootLog()
        : this(new LogDiagnostics())
    {
    }

    /// <summary>Its cut or malformed lines, and those in front of its first line that belong to no boot.</summary>
    public LogDiagnostics Diagnostics => diagnostics;

    public Scenario Scenario { get; } = new();
    public bool SawEarlyHeader { get; private set; }

    /// <summary>The boot went far enough to be told from a log that was cut while the map was printed.</summary>
    public bool IsComplete =>
        (Scenario.Machine.E820.Count > 0 && (_changesAtLastPfn >= 0 || _memblockIsFilled))
        || Scenario.Observed.MentionsTdx || Scenario.Observed.EarlyRanges.Count > 0;

    public bool IsEmpty => !IsComplete && Scenario.Machine.HasNoMemoryMap && _iomem.Count == 0 && _calls.Count == 0
        && Scenario.Observed.MemblockMemory.Count == 0 && Scenario.Observed.OnlineMemory.Count == 0
        && Scenario.Machine.Cmrs.Count == 0 && Scenario.Machine.Srat.Count == 0
        && Scenario.Machine.HotpluggableMemory.Count == 0;

    /// <summary>/proc/iomem was read without the right to see addresses.</summary>
    public bool HasHiddenIomem => _iomem.Count > 0 && !_hasIomemAddress;

    public void StartMap() => _maker = "";

    /// <summary>An entry of a memory map. The first entry of another maker starts a new map, which replaces the old
    /// one.</summary>
    /// <returns>False when the map is full.</returns>
    public bool AddE820(string maker, E820Entry entry)
    {
        var machine = Scenario.Machine;
        if (maker == E820Lines.ModifiedMaker
            && (_memblockIsFilled
            || (_changesAtLastPfn < 0 && !_sawMtrrUpdate && machine.E820.Count > 0 && _maker != maker)))
        {
            return true;
        }

        if (maker != _maker)
        {
            // A modified map counts only when max_pfn is computed from it afterwards; the kernel prints one late in
            // boot, too.
            _beforeModified = maker == E820Lines.ModifiedMaker && _changesAtLastPfn >= 0
                ? ([.. machine.E820], [.. machine.E820Changes.Take(_changesAtLastPfn)])
                : null;
            machine.E820.Clear();
            machine.E820Changes.Clear();
            _changesAtLastPfn = -1;
            _changesAtTrimBios = -1;
            _maker = maker;
            _hasUserMap |= maker == E820Lines.UserMaker;
        }

        return TryAdd(machine.E820, entry, E820Table.MaxEntries);
    }

    public void AddE820Change(E820Change change)
    {
        if (!_memblockIsFilled)
            TryAdd(Scenario.Machine.E820Changes, change);

        var count = Scenario.Machine.E820Changes.Count;
        if (_changesAtTrimBios < 0 && change == TrimBios)
        {
            _changesAtTrimBios = count;
        }
        else if (_changesAtTrimBios == count - 1 && IsMtrrTrim(change))
        {
            _changesAtTrimBios = count;
            _sawMtrrUpdate |= HitsRam(change);
        }
    }

    /// <summary>"update e820 for mtrr": the changes so far are from before memblock was filled.</summary>
    public void MarkMtrrUpdate()
    {
        _sawMtrrUpdate = true;
        _changesAtTrimBios = Scenario.Machine.E820Changes.Count;
    }

    /// <summary>"last_pfn =": what changed before the last such line is in memblock.</summary>
    public void MarkLastPfn(ulong pfn)
    {
        _changesAtLastPfn = Scenario.Machine.E820Changes.Count;
        _beforeModified = null;
        Scenario.Observed.LastPfn = Math.Max(Scenario.Observed.LastPfn, pfn);
    }

    /// <summary>A line that is printed only after memblock was filled: later changes of e820 don't touch it.</summary>
    public void MarkMemblockFilled() => _memblockIsFilled = true;

    public void AddOnline(PfnRange range)
    {
        var online = Scenario.Observed.OnlineMemory;
        if (online.Count > 0 && online[^1].End == range.Start && online[^1].Nid == range.Nid)
            online[^1] = online[^1] with { End = range.End };
        else
            TryAdd(online, range);
    }

    /// <summary>A resource of /proc/iomem; nested ones are no entries of the map.</summary>
    public bool AddIomem(int indent, E820Entry entry)
    {
        _iomemIndent = Math.Min(_iomemIndent, indent);
        _hasIomemAddress |= entry.Size > 1;
        return indent > _iomemIndent || TryAdd(_iomem, entry, E820Table.MaxEntries);
    }

    public void NoteIomemIndent(int indent) => _iomemIndent = Math.Min(_iomemIndent, indent);

    /// <summary>A memblock call that was traced: the memory of a log without a map.</summary>
    public bool AddTracedCall(MemblockCall call) => TryAdd(_calls, call);

    public void StartEarlyRanges()
    {
        SawEarlyHeader = true;
        _memblockIsFilled = true;
        Scenario.Observed.EarlyRanges.Clear();
    }

    public void EndEarlyRanges() => SawEarlyHeader = false;

    public LineResult AddEarly(PfnRange range) =>
        TryAdd(Scenario.Observed.EarlyRanges, range) ? LineResult.Read : LineResult.Malformed("at most 8192 ranges");

    public void StartMemblockDump()
    {
        _memblockIsFilled = true;
        Scenario.Observed.MemblockMemory.Clear();
    }

    public LineResult AddMemblockRegion(MemblockRegion region) =>
        TryAdd(Scenario.Observed.MemblockMemory, region)
            ? LineResult.Read
            : LineResult.Malformed("at most 8192 regions");

    public Scenario Finish()
    {
        var machine = Scenario.Machine;
        if (_beforeModified is var (map, changes))
        {
            machine.E820.Clear();
            machine.E820.AddRange(map);
            machine.E820Changes.Clear();
            machine.E820Changes.AddRange(changes);
        }
        else
        {
            // Without last_pfn lines only MTRR trimming comes between trim_bios_range() and memblock, and says so.
            var early = _changesAtLastPfn >= 0 ? _changesAtLastPfn : _changesAtTrimBios;
            early = early >= 0 ? early : machine.E820Changes.Count;
            machine.E820Changes.RemoveRange(early, machine.E820Changes.Count - early);
        }

        if (_hasUserMap)
            machine.Options = machine.Options with { MemoryWords = "" };

        if (machine.E820.Count == 0 && _hasIomemAddress && _iomem.Exists(static e => e.Type == E820Type.Ram))
            machine.E820.AddRange(_iomem);

        if (machine.HasNoMemoryMap && _calls.Exists(static c => c.Kind == MemblockCallKind.Add))
            machine.MemblockCalls.AddRange(_calls);

        return Scenario;
    }

    /// <summary>MTRRs cover memory in large pieces; what EFI and the MP table take later are pages.</summary>
    private static bool IsMtrrTrim(E820Change change) =>
        change is { Kind: E820ChangeKind.Update, From: E820Type.Ram, To: E820Type.Reserved }
        && Pages.IsAligned(change.Address, Sizes.Mib) && Pages.IsAligned(change.Size, Sizes.Mib);

    private bool HitsRam(E820Change change)
    {
        var range = AddressRange.OfSize(change.Address, change.Size);
        return Scenario.Machine.E820.Exists(
            e => e.Type == E820Type.Ram && range.Overlaps(AddressRange.OfSize(e.Address, e.Size)));
    }

    /// <summary>Adds to a list, within bounds: a log may have any length.</summary>
    /// <returns>False when the list is full.</returns>
    public static bool TryAdd<T>(List<T> list, T item, int most = MaxRanges)
    {
        if (list.Count >= most)
            return false;

        list.Add(item);
        return true;
    }
}
