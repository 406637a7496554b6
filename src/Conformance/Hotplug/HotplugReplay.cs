// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>
/// Replays a recorded boot on the model. Where only allocation decides, every possible decision is tried, and the
/// record must agree with one of them.
/// </summary>
/// <param name="recorded">The boot.</param>
internal sealed class HotplugReplay(JsonElement recorded)
{
    private static readonly string[] Keys =
    [
        "profile", "seed", "setup", "cmdline", "keyids", "boot_s", "version", "e820", "e820_user", "srat",
        "zone_ranges", "movable_zone_starts", "early_ranges",
        "initmem", "unavailable", "virt_tdx_boot", "tdx_boot", "abort_rip", "boot_warn", "block_size", "initial",
        "steps", "wall_s", "abort", "abort_step", "abort_dmesg",
    ];

    private readonly JsonElement[] _steps = [.. recorded.GetProperty("steps").EnumerateArray()];

    /// <summary>Runs it.</summary>
    /// <returns>Where the model differs: in the first step that no decision explains.</returns>
    public IReadOnlyList<CaseDifference> Run()
    {
        foreach (var key in recorded.EnumerateObject().Where(static k => !Keys.Contains(k.Name)))
            return [new CaseDifference(key.Name, "this key", "no such key")];

        // Decisions of earlier steps stay once they were found: going back over them would explain anything.
        // The first is the boot's.
        var decisions = new int[1 + _steps.Length];
        while (true)
        {
            var (failed, differences, choices) = Replay(decisions);
            if (differences.Count == 0)
                return [];

            if (++decisions[failed] >= choices)
                return differences;
        }
    }

    /// <summary>Replays with some decisions.</summary>
    /// <returns>Whose decision it is what differs (0: the boot's, then step by step), how it differs, and how many
    /// decisions it has.</returns>
    private (int Step, IReadOnlyList<CaseDifference> Differences, int Choices) Replay(int[] decisions)
    {
        var boot = new RecordedBoot(recorded);
        var host = new RecordedHost(boot);
        var state = new HotplugState();
        state.Apply(recorded.GetProperty("initial"));
        var differences = EndBoot(boot, host, decisions[0], out var choices);
        differences.AddRange(BootDifferences(host, state));
        if (differences.Count > 0)
            return (0, differences, choices);

        for (var i = 0; i < _steps.Length; i++)
        {
            var step = new HotplugStep(_steps[i], boot, host);
            var answer = step.Run(decisions[i + 1]);
            state.Apply(_steps[i].GetProperty("changed"));
            var where =
                string.Create(CultureInfo.InvariantCulture, $"step {i} ({_steps[i].GetProperty("op").GetString()})");
            differences =
                [.. answer.Select(d => d with { Field = $"{where}: {d.Field}" }),
                    .. state.Differences(HotplugState.Of(host.Memory, host.Memblock), where)];
            if (differences.Count > 0)
                return (i + 1, differences, step.Decisions);
        }

        return (0, [], 0);
    }

    /// <summary>What the kernel does between laying out zones and running user space.</summary>
    private List<CaseDifference> EndBoot(RecordedBoot boot, RecordedHost host, int decision, out int choices)
    {
        choices = 1;
        var answer = new RecordedAnswer();
        if (boot.IsTdx && recorded.TryGetProperty("tdx_boot", out var enabling))
            new BootEnabling(enabling, host, answer).Run(decision, out choices);

        host.EndBoot(boot);
        return [.. answer.Differences.Select(static d => d with { Field = "tdx_boot: " + d.Field })];
    }

    private List<CaseDifference> BootDifferences(RecordedHost host, HotplugState state)
    {
        var differences = state.Differences(HotplugState.Of(host.Memory, host.Memblock), "boot").ToList();
        var blockSize = RecordedValue.Number(recorded.GetProperty("block_size"));
        if (blockSize != host.Memory.Blocks.BlockSize)
        {
            differences.Add(
                new CaseDifference("boot: block_size", $"0x{blockSize:x}", $"0x{host.Memory.Blocks.BlockSize:x}"));
        }

        Compare("early_ranges", host.EarlyRanges.Select(static r =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"node {r.Nid,3}: [mem 0x{r.Bytes.Start:x16}-0x{r.Bytes.End - 1:x16}]")));
        Compare("zone_ranges", host.Memory.ZoneLimits.Select(static z => z.Start == z.End
            ? $"{z.Name,-8} empty"
            : string.Create(
                CultureInfo.InvariantCulture, $"{z.Name,-8} [mem 0x{z.Start << 12:x16}-0x{(z.End << 12) - 1:x16}]")));
        Compare("movable_zone_starts", host.Memory.MovableStarts.Select(static m =>
            string.Create(CultureInfo.InvariantCulture, $"Node {m.Nid}: 0x{m.Start << 12:x16}")));
        return differences;

        void Compare(string field, IEnumerable<string> lines)
        {
            // ZONE_DEVICE is only printed where it is configured, and is empty at boot.
            var seen =
                string.Join(
                    "; ", RecordedValue.Items(recorded, field).Select(static r => r.GetString() ?? "")
                        .Where(static r => r != "Device   empty"));
            var predicted = string.Join("; ", lines);
            if (seen != predicted)
                differences.Add(new CaseDifference("boot: " + field, seen, predicted));
        }
    }
}
