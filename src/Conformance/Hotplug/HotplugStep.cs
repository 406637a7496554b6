// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Hotplug;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>One recorded step on the model.</summary>
/// <param name="recorded">The step.</param>
/// <param name="boot">Its boot.</param>
/// <param name="world">The model.</param>
internal sealed class HotplugStep(JsonElement recorded, RecordedBoot boot, HotplugWorld world)
{
    /// <summary>Blocks of a DIMM of which any may be the ones that stay.</summary>
    private const int MostPinned = 10;

    private static readonly string[] Keys =
    [
        "op", "block", "how", "text", "id", "size", "node", "addr", "got_addr", "dimm", "deleted", "qmp_error", "veto", "ranges", "params", "memblock_at", "calls", "keyid",
        "tdmrs", "memlist_pfn", "virt_tdx", "result", "changed", "events", "notify", "dmesg", "splat", "timeout",
    ];

    private readonly RecordedAnswer _answer = new();

    /// <summary>How many decisions of the allocator the step could have met.</summary>
    public int Decisions { get; private set; } = 1;

    private string Result => recorded.GetProperty("result").GetString() ?? "";

    /// <summary>Takes the step.</summary>
    /// <param name="decision">Which of the possible decisions of the allocator.</param>
    /// <returns>Where result and notifications differ.</returns>
    public IReadOnlyList<CaseDifference> Run(int decision)
    {
        world.Notifications.Clear();
        world.Pin([]);
        switch (recorded.GetProperty("op").GetString())
        {
            case "online":
                Expect(world.Files.WriteState(Block, Text("how")));
                break;
            case "offline":
                PinWhatStayed();
                Expect(world.Files.WriteState(Block, "offline"));
                break;
            case "write_state":
                PinWhatStayed();
                Expect(world.Files.WriteState(Block, Text("text")));
                break;
            case "write_online":
                PinWhatStayed();
                Expect(world.Files.WriteOnline(Block, Text("text")));
                break;
            case "auto_online":
                Expect(world.Files.WriteAutoOnline(Text("text")));
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
                world.StopLogging();
                break;
            case "enable":
                new EnableStep(recorded, world, _answer).Run(decision, out var decisions);
                Decisions = decisions;
                break;
            case var other:
                throw new MalformedCaseException("a known op", other ?? "null");
        }

        CompareNotifications();
        _answer.RejectUnknown(recorded, Keys);
        return _answer.Differences;
    }

    private ulong Block => RecordedValue.Number(recorded.GetProperty("block"));

    private string Text(string key) => recorded.GetProperty(key).GetString() ?? "";

    private void PinWhatStayed()
    {
        if (Result == "EBUSY")
        {
            world.Pin([Block]);
        }
    }

    private void Expect(int result) => ExpectText(result == 0 ? "OK" : result == -Errno.Enoent ? "open:ENOENT" : Errno.Name(result)[1..]);

    private void ExpectText(string result)
    {
        if (result != Result)
        {
            _answer.Add("result", Result, result);
        }
    }

    /// <summary>What the virtual machine refuses never reaches the kernel.</summary>
    private void Plug()
    {
        ExpectText(recorded.TryGetProperty("qmp_error", out _) ? "QMP_ERROR" : "OK");
        if (Result == "OK")
        {
            world.Slots.Plug(boot.Device(recorded, "got_addr"));
        }
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
        if (world.Slots.Find(name) is not { } device)
        {
            _answer.Add("result", Result, "no such DIMM");
            return;
        }

        if (Result == "KEPT")
        {
            Pin(device, decision);
        }

        ExpectText(world.Slots.Unplug(device) == 0 ? "DELETED" : "KEPT");
    }

    /// <summary>Any of its online blocks may hold pages that can't be moved: one of them, or several.</summary>
    private void Pin(MemoryDevice device, int decision)
    {
        var size = world.Hotplug.Blocks.BlockSize;
        var online = world.Hotplug.Blocks.All
            .Where(b => b.IsOnline && b.Id * size >= device.Range.Start && b.Id * size < device.Range.End).Take(MostPinned).ToList();
        Decisions = Math.Max(1, (1 << online.Count) - 1);
        var pinned = Enumerable.Range(1, Decisions).OrderBy(static m => int.PopCount(m)).ElementAt(decision);
        world.Pin(online.Where((_, i) => (pinned & (1 << i)) != 0).Select(static b => b.Id));
    }

    private void Load()
    {
        ExpectText("OK");
        var ranges = RecordedValue.Items(recorded, "ranges")
            .Select(static r => new AddressRange(RecordedValue.Number(r[0]), RecordedValue.Number(r[1]))).ToList();
        world.StartLogging(recorded.GetProperty("veto").GetBoolean() ? ranges : null);
    }

    private void CompareNotifications()
    {
        var notified = string.Join(' ', RecordedValue.Items(recorded, "notify")
            .Select(static n => Notification(RecordedValue.Int(n[0]), RecordedValue.Number(n[1]), RecordedValue.Number(n[2]))));
        var predicted = string.Join(' ', world.Notifications.Select(static n => Notification((int)n.Action, n.Start, n.End)));
        if (notified != predicted)
        {
            _answer.Add("notify", notified, predicted);
        }
    }

    private static string Notification(int action, ulong start, ulong end) => string.Create(CultureInfo.InvariantCulture, $"{action}:[0x{start:x}, 0x{end:x})");
}
