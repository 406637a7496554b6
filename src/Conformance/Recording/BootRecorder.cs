// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TdxVerify.Subjects;
using TdxVerify.Subjects.Guest;
using TdxVerify.Subjects.Guest.Kernels;
using TdxVerify.Subjects.Guest.Machines;
using TdxVerify.Subjects.Guest.State;

namespace TdxVerify.Conformance.Recording;

/// <summary>Boots a kernel, takes the steps of a scenario, and writes down what it did in the format that
/// <c>conform</c> reads.</summary>
public sealed class BootRecorder(GuestHost host, GuestKernel kernel)
{
    private readonly SubjectDriver _driver = new(host);
    private JsonObject _state = [];

    /// <summary>What CPUs do now follows from steps that the format has not.</summary>
    private bool _isBeyond;

    /// <summary>What the kernel printed in the last boot.</summary>
    public string Console { get; private set; } = "";

    /// <summary>Runs a scenario.</summary>
    /// <param name="seed">A number that the record carries.</param>
    /// <returns>The record; the host's trace tells the same to properties.</returns>
    public JsonElement Run(Scenario scenario, ulong seed)
    {
        var clock = Stopwatch.StartNew();
        var steps = new JsonArray();
        var record = new JsonObject
        {
            ["profile"] = kernel.HasTdx ? "tdx" : "stock",
            ["seed"] = seed,
            ["setup"] = Setup(scenario),
            ["cmdline"] = QemuCommand.Words(scenario),
            ["keyids"] = KeyIds(scenario),
        };
        _isBeyond = false;
        var isAlive = _driver.Boot(scenario);
        var next = 0;
        if (isAlive && kernel.HasTdx && host.Policy.BuildsListDuringBoot)
            isAlive = EnableDuringBoot(scenario, record, ref next);

        record["boot_s"] = Math.Round(clock.Elapsed.TotalSeconds, 2);
        BootLines.Add(host.Console, record);
        if (isAlive && host.State is { } state)
        {
            record["block_size"] = StateJson.Hex(state.BlockSize);
            _state = StateJson.Of(state);
            record["initial"] = _state.DeepClone();
        }

        for (; isAlive && next < scenario.Steps.Count; next++)
            isAlive = Take(scenario, scenario.Steps[next], steps);

        if (host.Trace.HasEnded)
        {
            record["abort"] = host.CrashMessage ?? "ended";
            record["abort_step"] = next <= scenario.Steps.Count && next > 0 ? scenario.Steps[next - 1].Kind.ToString()
                : "boot";
        }

        record["steps"] = steps;
        Console = host.Console;
        record["boot_warn"] = new JsonArray([.. Splat.Lines(Console).Select(static l => (JsonNode)l)]);
        record["wall_s"] = Math.Round(clock.Elapsed.TotalSeconds, 2);
        return JsonSerializer.SerializeToElement(record);
    }

    private bool EnableDuringBoot(Scenario scenario, JsonObject record, ref int next)
    {
        if (scenario.Steps is not [{ Kind: StepKind.EnableTdx }, ..])
        {
            throw new GuestException("expected the enabling of TDX as the first step: an initcall makes it")
            {
                IsOfScenario = true,
            };
        }

        next = 1;
        if (!_driver.Take(Step.Enable))
            return false;

        var before = host.Trace.SnapshotAfter(0).Memory.ToArray();
        record["tdx_boot"] = EnablingJson.Of(
            scenario, host.Trace, host.Trace.Steps[^1], isOfBoot: true, before);
        return true;
    }

    private bool Take(Scenario scenario, in Step step, JsonArray steps)
    {
        var memblock = host.State?.Memblock ?? [];
        var taken = host.Trace.Steps.Length;
        if (!_driver.Take(step))
            return false;

        if (host.Trace.Steps.Length == taken || host.State is not { } state
            || Request(scenario, host.Trace.Steps[^1], memblock, state) is not { } made)
        {
            return true;
        }

        var now = StateJson.Of(state);
        made["changed"] = StateJson.Changes(_state, now);
        _state = now;
        steps.Add(made);
        return true;
    }

    /// <summary>A step and its result; null: it is none to the kernel.</summary>
    private JsonObject? Request(
        Scenario scenario, in StepRecord taken, IReadOnlyList<MemblockRegion> memblock, GuestState state)
    {
        var step = taken.Step;
        var block = step.Address / state.BlockSize;
        switch (step.Kind)
        {
            case StepKind.EnableTdx:
                var enabled = EnablingJson.Of(scenario, host.Trace, taken, isOfBoot: false, memblock);
                enabled.Insert(0, "op", "enable");
                return enabled;
            case StepKind.BlockOnline:
                return Op("online", taken, ("block", block), ("how", WordOf(step.Type)));
            case StepKind.BlockOffline:
                return Op("offline", taken, ("block", block));
            case StepKind.AutoOnline:
                return Op("auto_online", taken, ("text", WordOf(step.Type)));
            case StepKind.ModuleUpdate or StepKind.KeyIdAlloc or StepKind.KeyIdFree:
                _isBeyond = true;
                return null;
            case StepKind.CpuOnline or StepKind.CpuOffline when !_isBeyond:
                var first = taken.FirstEvent;
                var cpu = Op(step.Kind == StepKind.CpuOnline ? "cpu_online" : "cpu_offline", taken, ("cpu", step.Cpu));
                cpu["online_cpus"] = state.Cpus;
                cpu["calls"] = EnablingJson.Calls([.. host.Trace.Events.Skip(first)], withInstructions: true);
                return cpu;
            case StepKind.PlugDimm:
                return Plugged(taken);
            case StepKind.UnplugDimm when taken.Result != -Errno.Enodev:
                var unplugged = Op("dimm_del", taken, ("id", NameOf(step)), ("deleted", taken.Result == 0));
                unplugged["result"] = taken.Result == 0 ? "DELETED" : "KEPT";
                return unplugged;
            default:
                return null;
        }
    }

    private static JsonObject Plugged(in StepRecord taken)
    {
        var step = taken.Step;
        var made = Op(
            "dimm_add", taken, ("id", NameOf(step)), ("size", StateJson.Hex(step.Size)), ("node", step.Nid),
            ("addr", StateJson.Hex(step.Address)), ("got_addr", StateJson.Hex(step.Address)));
        if (taken.Result != 0)
        {
            made["result"] = "QMP_ERROR";
            made["qmp_error"] = "no place for it";
        }

        return made;
    }

    private static JsonObject Op(string name, in StepRecord taken, params (string Key, object Value)[] operands)
    {
        var made = new JsonObject { ["op"] = name };
        foreach (var (key, value) in operands)
            made[key] = JsonValue.Create(value);

        made["result"] = taken.Result == -Errno.Enoent ? "open:ENOENT" : EnablingJson.Result(taken.Result);
        return made;
    }

    /// <summary>Two DIMMs are never at one address.</summary>
    private static string NameOf(in Step step) => StateJson.Hex(step.Address);

    private static string WordOf(OnlineType type) => Model.Hotplug.HotplugParameters.NameOf(type);

    private static JsonObject Setup(Scenario scenario)
    {
        var nodes = QemuFirmware.NodesOf(scenario.Machine);
        var cpus = scenario.Choices.Cpus + scenario.Choices.OfflineCpus;
        var total = nodes.Aggregate(0UL, static (sum, size) => sum + size);
        return new JsonObject
        {
            ["m"] = StateJson.Hex(total),
            ["maxmem"] = string.Create(CultureInfo.InvariantCulture, $"{total + QemuFirmware.Pluggable}B"),
            ["slots"] = QemuFirmware.Slots,
            ["nodes"] = new JsonArray(
                [.. nodes.Select(static (size, nid) =>
                    (JsonNode)new JsonObject { ["id"] = nid, ["size"] = StateJson.Hex(size) })]),
            ["dimms"] = new JsonArray(),
            ["smp"] = cpus,
            ["sockets"] = (cpus + scenario.Choices.CpusPerPackage - 1) / scenario.Choices.CpusPerPackage,
            ["cpu"] = "max",
            ["big"] = false,
        };
    }

    private JsonArray? KeyIds(Scenario scenario)
    {
        var keyIds = scenario.Machine.KeyIds ?? KeyIdPartition.Usual;
        return kernel.HasTdx ? new JsonArray(keyIds.MktmeKeyIds, keyIds.TdxKeyIds) : null;
    }
}
