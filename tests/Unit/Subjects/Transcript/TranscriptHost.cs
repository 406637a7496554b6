// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Subjects;

namespace TdxVerify.Tests.Unit.Subjects.Transcript;

/// <summary>
/// A machine that only its transcript knows, as a subject. "boot" tells the private KeyIDs where TDX is there,
/// "memlist" behind a call what tdx_memlist holds from there on. Machine checks and memory blocks are in no transcript.
/// </summary>
internal sealed class TranscriptHost(string text) : IHost
{
    private readonly Transcript _transcript = new(text);
    private readonly List<PfnRange> _memlist = [];
    private AddressRange _keyIds;
    private bool _isInitialized;

    public string Name => "transcript";

    public Trace Trace { get; } = new();

    public Observes Observes => _transcript.Has("memlist") ? Observes.Memlist : Observes.None;

    public void Boot(Scenario scenario)
    {
        _transcript.Rewind();
        _memlist.Clear();
        _isInitialized = false;
        _keyIds = _transcript.Take("boot") is { Length: > 0 } keyIds ? Transcript.Range(keyIds) : default;
    }

    public int? Enable()
    {
        var result = _transcript.TakeResult("enable");
        if (result != -Errno.Enodev)
        {
            // Events are not observed, but in which step tdx_enable() ran is told by this one.
            Trace.Append(TraceEvent.OfLock(HostLock.TdxModule));
        }

        _isInitialized |= result == 0;
        return result;
    }

    public int? AddMemory(in Step step) => _transcript.TakeResult($"add {Transcript.Bytes(step.Address, step.Size)}");

    public int? GoingOnline(ulong pfn, ulong count) =>
        _transcript.TakeResult($"going-online {Transcript.Bytes(Pages.Address(pfn), Pages.Address(count))}");

    public void Capture(Snapshot snapshot)
    {
        if (_transcript.TryTake("memlist") is { } entries)
        {
            _memlist.Clear();
            _memlist.AddRange(entries.Split(' ').Select(Transcript.Range)
                .Select(static r => new PfnRange(Pages.PfnDown(r.Start), Pages.PfnDown(r.End), 0)));
        }

        _memlist.ForEach(entry => snapshot.Add(entry));
        snapshot.IsInitialized = _isInitialized;
        snapshot.HasTdxHostCapability = !_keyIds.IsEmpty;
        if (snapshot.HasTdxHostCapability)
        {
            snapshot.GlobalKeyId = (uint)_keyIds.Start;
            snapshot.GuestKeyIdStart = (uint)_keyIds.Start + 1;
            snapshot.GuestKeyIds = (uint)_keyIds.Size - 1;
        }
    }
}
