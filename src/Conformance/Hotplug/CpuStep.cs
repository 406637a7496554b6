// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>A recorded write of cpuN/online on the model.</summary>
internal sealed class CpuStep(JsonElement recorded, RecordedHost host, RecordedAnswer answer)
{
    /// <summary>Brings the CPU online.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Online() => Run(static (host, cpu) => host.Cpus.Online(cpu));

    /// <summary>Takes it offline.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Offline() => Run(static (host, cpu) => host.Cpus.Offline(cpu));

    private int Run(Func<RecordedHost, int, int> change)
    {
        var cpu = RecordedValue.Int(recorded.GetProperty("cpu"));
        var before = CallCounts.WithInstructions(host);
        var result = change(host, cpu);
        RecordedCalls.Compare(recorded, CallCounts.WithInstructions(host).Since(before), answer);
        var online = NumberRanges.Text(host.Cpus.All);
        var seen = recorded.GetProperty("online_cpus").GetString() ?? "";
        if (seen != online)
            answer.Add("online_cpus", seen, online);

        return result;
    }
}
