// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>"tdx_boot" of a record: TDX was enabled while the kernel booted (7.x).</summary>
internal sealed class BootEnabling(JsonElement recorded, RecordedHost host, RecordedAnswer answer)
{
    private const ulong NoRbpMod = 1UL << 18;

    private static readonly string[] Keys =
        ["params", "result", "calls", "seq", "memblock_at", "tdmrs", "keyid", "memlist_pfn", "virt_tdx"];

    private static readonly string[] ParameterKeys =
    [
        "max_tdmrs", "max_rsvd", "pamt_entry", "pamt_2m", "pamt_1g", "init_step", "features0", "num_cpuid_config",
        "pw_mce", "missing",
        "fail_leaf", "fail_after", "fail_times", "fail_code",
    ];

    /// <summary>Runs it.</summary>
    /// <param name="decision">Where PAMTs lay that the record doesn't show; the last one: there was no room.</param>
    public void Run(int decision, out int decisions)
    {
        var enabling = new EnablingRecord(recorded, host, answer);
        var parameters = enabling.Parameters;
        decisions = enabling.Decisions;
        enabling.Place(decision);
        ModuleFault.Read(parameters, host.Faults);
        host.Choices.TdmrInitStep = RecordedValue.Number(parameters, "init_step", 0);
        host.Choices.PartialWriteErratum = RecordedValue.Int(parameters, "pw_mce", 0) != 0;
        host.Platform.Features0 = RecordedValue.Number(parameters, "features0", NoRbpMod);
        host.Platform.CpuidConfigs = RecordedValue.Number(parameters, "num_cpuid_config", 2);
        host.Limits = enabling.Limits;
        var result = host.Take(Step.Enable);
        enabling.Compare(result);
        RecordedCalls.Compare(recorded, CallCounts.WithInstructions(host), answer);
        CallSequence.Compare(recorded.GetProperty("seq"), host.Trace, host.Cpus.All, answer);
        answer.Compare(recorded, "memblock_at", host.Trace.Seamcalls == 0 ? "absent" : Memblock());
        answer.RejectUnknown(recorded, Keys);
        answer.RejectUnknown(parameters, ParameterKeys);
    }

    private string Memblock() =>
        RecordedAnswer.List(host.Memblock!.Memory.Regions.ToArray().Select(static r => string.Create(
        CultureInfo.InvariantCulture,
            $"[0x{r.Base:x},0x{r.End:x},0x{unchecked((ulong)r.Nid):x},0x{(uint)r.Flags:x}]")));
}
