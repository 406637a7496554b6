// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>A recorded enabling of TDX by a step on the model (6.12).</summary>
/// <param name="recorded">The step.</param>
/// <param name="world">The model.</param>
/// <param name="answer">Where differences go.</param>
internal sealed class EnableStep(JsonElement recorded, HotplugContext world, RecordedAnswer answer)
{
    /// <summary>Takes it.</summary>
    /// <param name="decision">Which place of PAMTs that the record doesn't show.</param>
    /// <param name="decisions">How many there are.</param>
    public void Run(int decision, out int decisions)
    {
        var enabling = new EnablingRecord(recorded, world, answer);
        decisions = enabling.PlaceCount;
        enabling.Place(decision);
        ModuleFault.Read(enabling.Parameters, world.Faults);
        answer.Compare(recorded, "memblock_at", RecordedAnswer.List(world.Memblock!.Memory.Regions.ToArray().Select(static r =>
            RecordedAnswer.List([RecordedAnswer.Number(r.Base), RecordedAnswer.Number(r.End), RecordedAnswer.Number(unchecked((ulong)r.Nid)), $"\"{HotplugState.FlagName(r.Flags)}\""]))));
        var result = world.Enable(enabling.Limits);
        enabling.Compare(result);
        RecordedCalls.Compare(recorded, CallCounts.Of(world), answer);
    }
}
