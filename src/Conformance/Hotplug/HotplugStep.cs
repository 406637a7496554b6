// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using TdxVerify.Model.Hotplug;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>One recorded step on the model.</summary>
internal sealed class HotplugStep(JsonElement recorded, RecordedBoot boot, RecordedHost host)
{
    /// <summary>Blocks of a DIMM of which any may be the ones that stay.</summary>
    private const int MaxPinned = 10;

    private static readonly string[] Keys =
    [
        "op", "block", "how", "text", "id", "size", "node", "addr", "got_addr", "dimm", "deleted", "qmp_error", "veto",
        "ranges", "params", "memblock_at", "calls", "keyid",
        "tdmrs", "memlist_pfn", "virt_tdx", "cpu", "online_cpus", "action", "error", "what", "result", "changed",
        "events", "notify", "dmesg", "splat", "timeout",
    ];

    private readonly RecordedAnswer _answer = new();

    /// <summary>How many decisions of the allocator the step could have met.</summary>
    public int Decisions { get; private set; } = 1;

    private string Result => recorded.GetProperty("result").GetString() ?? "";

    /// <summary>Takes the step.</summary>
    /// <returns>Where result and notifications differ.</returns>
    public IReadOnlyList<CaseDifference> Run(int decision)
    {
        host.Notifications.Clear();
        host.Pin([]);
        FindPoison();
        switch (recorded.GetProperty("op").GetString())
        {
            case "online":
                Expect(WriteState(Text("how")));
                break;
            case "offline":
                PinWhatStayed(decision);
                Expect(WriteState("offline"));
                break;
            case "write_state":
                PinWhatStayed(decision);
                Expect(WriteState(Text("text")));
                break;
            case "write_online":
                PinWhatStayed(decision);
                Expect(host.Files.WriteOnline(Block, Text("text")));
                break;
            case "auto_online":
                Expect(host.Files.WriteAutoOnline(Text("text")));
                break;
            case "dimm_add":
                Plug();
                break;
            case "dimm_del":
                Unplug(decision);
                break;
            case "veto_load":
                Load();
                break;
            case "veto_unload":
                ExpectText("OK");
                host.StopLogging();
                break;
            case "enable":
                new EnableStep(recorded, host, _answer).Run(decision, out var decisions);
                Decisions = decisions;
                break;
            case "cpu_online":
                Expect(new CpuStep(recorded, host, _answer).Online());
                break;
            case "cpu_offline":
                Expect(new CpuStep(recorded, host, _answer).Offline());
                break;
            case "emu":
                ExpectText("OK");
                ModuleFault.Read(recorded.GetProperty("params"), host.Faults);
                break;
            case "inject":
                ExpectText("OK");
                Inject();
                break;
            case "poke":
                Poke();
                break;
            case var other:
                throw new MalformedCaseException("a known op", other ?? "null");
        }

        CompareNotifications();
        _answer.RejectUnknown(recorded, Keys);
        return _answer.Differences;
    }

    /// <summary>A word that the file knows is a step; what it refuses reaches the file alone.</summary>
    private int WriteState(string text)
    {
        var address = Block * host.Memory.Blocks.BlockSize;
        return HotplugParameters.TypeOf(text) switch
        {
            null => host.Files.WriteState(Block, text),
            OnlineType.Offline => host.Take(Step.Offline(address)),
            { } type => host.Take(Step.Online(address, type)),
        };
    }

    private ulong Block => RecordedValue.Number(recorded.GetProperty("block"));

    private string Text(string key) => recorded.GetProperty(key).GetString() ?? "";

    /// <summary>An unmovable page may be seen before anybody is notified or after it; and a notifier may be who says
    /// EBUSY.</summary>
    private void PinWhatStayed(int decision)
    {
        if (Result != "EBUSY")
            return;

        Isolation[] possible = host.Refuses(MemoryAction.GoingOffline, Errno.Ebusy)
            ? [Isolation.Done, Isolation.Unmovable, Isolation.Stuck]
            : [Isolation.Unmovable, Isolation.Stuck];
        Decisions = possible.Length;
        host.Pin([Block], possible[decision]);
    }

    private void FindPoison()
    {
        if (Result == "EHWPOISON" && recorded.TryGetProperty("block", out _) && host.MayBePoisoned.Contains(Block)
            && host.Memory.Blocks.Find(Block) is { } block)
        {
            block.HasPoison = true;
        }
    }

    private void Inject()
    {
        var action = Text("action") switch
        {
            "MEM_GOING_ONLINE" => MemoryAction.GoingOnline,
            "MEM_GOING_OFFLINE" => MemoryAction.GoingOffline,
            var other => throw new MalformedCaseException("MEM_GOING_ONLINE or MEM_GOING_OFFLINE", other),
        };
        host.Inject(action, recorded.GetProperty("error").GetInt32());
    }

    /// <summary>What disturbs memory without changing blocks. What becomes of one page, or of a file of that size, is
    /// the allocator's.</summary>
    private void Poke()
    {
        var what = Text("what");
        string[] possible = what switch
        {
            "soft_offline" =>
                ["OK", "EIO", "EBUSY", "ENOMEM", "EAGAIN", "ENXIO", "EOPNOTSUPP", "ENOTRECOVERABLE", "EHWPOISON"],
            _ when what.StartsWith("fill ", StringComparison.Ordinal) => ["OK", "ENOSPC", "ENOMEM"],
            "compact" or "drop_caches" or "kpageflags" or "pagetypeinfo" or "unfill" => ["OK"],
            _ => throw new MalformedCaseException("a known poke", what),
        };
        if (!possible.Contains(Result))
            _answer.Add("result", Result, string.Join(" or ", possible));

        if (what == "soft_offline" && Result == "OK")
        {
            host.MayBePoisoned.UnionWith(
                host.Memory.Blocks.All.Where(static b => b.IsOnline).Select(static b => b.Id));
        }
    }

    private void Expect(int result) =>
        ExpectText(result == 0 ? "OK" : result == -Errno.Enoent ? "open:ENOENT" : Errno.Name(result)[1..]);

    private void ExpectText(string result)
    {
        if (result != Result)
            _answer.Add("result", Result, result);
    }

    /// <summary>What the virtual machine refuses never reaches the kernel.</summary>
    private void Plug()
    {
        ExpectText(recorded.TryGetProperty("qmp_error", out _) ? "QMP_ERROR" : "OK");
        if (Result == "OK")
            host.Slots.Plug(boot.Device(recorded, "got_addr"));
    }

    private void Unplug(int decision)
    {
        if (recorded.TryGetProperty("qmp_error", out _))
        {
            ExpectText("QMP_ERROR");
            return;
        }

        ExpectText(recorded.GetProperty("deleted").GetBoolean() ? "DELETED" : "KEPT");
        var name = Text("id");
        if (host.Slots.Find(name) is not { } device)
        {
            _answer.Add("result", Result, "no such DIMM");
            return;
        }

        if (Result == "KEPT")
            Pin(device, decision);

        ExpectText(host.Slots.Unplug(device) == 0 ? "DELETED" : "KEPT");
    }

    /// <summary>
    /// Any of its online blocks may hold pages that can't be moved: one of them, or several, seen early or late; or
    /// none where a notifier refuses. And one that may have the page that was taken away can't come back.
    /// </summary>
    private void Pin(MemoryDevice device, int decision)
    {
        var size = host.Memory.Blocks.BlockSize;
        var online = host.Memory.Blocks.All
            .Where(b => b.IsOnline && b.Id * size >= device.Range.Start && b.Id * size < device.Range.End)
            .Take(MaxPinned).ToList();
        var sets = (1 << online.Count) - 1;
        var pinned = Enumerable.Range(1, sets).OrderBy(static m => int.PopCount(m)).ToList();
        if (sets == 0 || host.RefusesOffline)
            pinned.Insert(0, 0);

        var suspects = online.Where(b => host.MayBePoisoned.Contains(b.Id)).ToList();
        Decisions = 2 * pinned.Count * (1 + suspects.Count);
        var (suspect, pin) = Math.DivRem(decision, 2 * pinned.Count);
        var set = pinned[pin % pinned.Count];
        host.Pin(
            online.Where((_, i) => (set & (1 << i)) != 0).Select(static b => b.Id), pin < pinned.Count
                ? Isolation.Unmovable
                : Isolation.Stuck);
        if (suspect > 0)
            suspects[suspect - 1].HasPoison = true;
    }

    private void Load()
    {
        ExpectText("OK");
        var ranges = RecordedValue.Items(recorded, "ranges")
            .Select(static r => new AddressRange(RecordedValue.Number(r[0]), RecordedValue.Number(r[1]))).ToList();
        host.StartLogging(recorded.GetProperty("veto").GetBoolean() ? ranges : null);
    }

    private void CompareNotifications()
    {
        var notified = string.Join(' ', RecordedValue.Items(recorded, "notify").Select(Notification));
        var predicted = string.Join(' ', host.Notifications);
        if (notified != predicted)
            _answer.Add("notify", notified, predicted);
    }

    private static string Notification(JsonElement entry) => entry[0].ValueKind == JsonValueKind.String
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{entry[0].GetString()} {RecordedValue.Int(entry[1])} {RecordedValue.Int(entry[2])}")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{RecordedValue.Int(entry[0])}:[0x{RecordedValue.Number(entry[1]):x}, "
                + $"0x{RecordedValue.Number(entry[2]):x})");
}
