// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>A recorded enabling of TDX by a step on the model (6.12).</summary>
internal sealed class EnableStep(JsonElement recorded, RecordedHost host, RecordedAnswer answer)
{
    /// <summary>Takes it.</summary>
    /// <param name="decision">Which place of PAMTs that the record doesn't show.</param>
    public void Run(int decision, out int decisions)
    {
        var enabling = new EnablingRecord(recorded, host, answer);
        decisions = enabling.Decisions;
        enabling.Place(decision);
        ModuleFault.Read(enabling.Parameters, host.Faults);
        host.Choices.TdmrInitStep = RecordedValue.Number(enabling.Parameters, "init_step", 0);
        answer.Compare(
            recorded, "memblock_at", RecordedAnswer.List(host.Memblock!.Memory.Regions.ToArray().Select(static r =>
            RecordedAnswer.List(
                [RecordedAnswer.Number(r.Base), RecordedAnswer.Number(r.End),
                    RecordedAnswer.Number(unchecked((ulong)r.Nid)), $"\"{HotplugState.FlagName(r.Flags)}\""]))));
        host.Limits = enabling.Limits;
        var result = host.Take(Step.Enable);
        enabling.Compare(result);
        RecordedCalls.Compare(recorded, CallCounts.Of(host), answer);
    }
}
