// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>A recorded write of cpuN/online on the model.</summary>
internal sealed class CpuStep(JsonElement recorded, RecordedBoot boot, RecordedHost host, RecordedAnswer answer)
{
    /// <summary>Brings the CPU online.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Online() => Run(static (host, cpu) =>
    {
        // Asking for what is there already succeeds.
        var error = host.OnlineCpus.Contains(cpu) ? 0 : host.Cpus.Online(cpu);
        if (error == 0)
            host.OnlineCpus.Add(cpu);

        return error;
    });

    /// <summary>Takes it offline.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Offline() => Run(static (host, cpu) =>
    {
        if (host.OnlineCpus.Remove(cpu))
            host.Cpus.Offline(cpu);

        return 0;
    });

    private int Run(Func<RecordedHost, int, int> change)
    {
        var cpu = RecordedValue.Int(recorded.GetProperty("cpu"));
        var before = CallCounts.WithInstructions(host);

        // The first CPU has no such file.
        var result = cpu == 0 || cpu >= boot.Cpus ? -Errno.Enoent : change(host, cpu);
        RecordedCalls.Compare(recorded, CallCounts.WithInstructions(host).Since(before), answer);
        var online = NumberRanges.Text(host.OnlineCpus);
        var seen = recorded.GetProperty("online_cpus").GetString() ?? "";
        if (seen != online)
            answer.Add("online_cpus", seen, online);

        return result;
    }
}
