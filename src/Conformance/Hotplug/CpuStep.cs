// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Core.Cases;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>A recorded write of cpuN/online on the model.</summary>
/// <param name="recorded">The step.</param>
/// <param name="boot">Its boot.</param>
/// <param name="world">The model.</param>
/// <param name="answer">Where differences go.</param>
internal sealed class CpuStep(JsonElement recorded, RecordedBoot boot, HotplugContext world, RecordedAnswer answer)
{
    /// <summary>Brings the CPU online.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Online() => Run(static (world, cpu) =>
    {
        // Asking for what is there already succeeds.
        var error = world.OnlineCpus.Contains(cpu) ? 0 : world.Cpus.Online(cpu);
        if (error == 0)
        {
            world.OnlineCpus.Add(cpu);
        }

        return error;
    });

    /// <summary>Takes it offline.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Offline() => Run(static (world, cpu) =>
    {
        if (world.OnlineCpus.Remove(cpu))
        {
            world.Cpus.Offline(cpu);
        }

        return 0;
    });

    private int Run(Func<HotplugContext, int, int> change)
    {
        var cpu = RecordedValue.Int(recorded.GetProperty("cpu"));
        var before = CallCounts.WithInstructions(world);

        // The first CPU has no such file.
        var result = cpu == 0 || cpu >= boot.Cpus ? -Errno.Enoent : change(world, cpu);
        RecordedCalls.Compare(recorded, CallCounts.WithInstructions(world).Since(before), answer);
        var online = NumberRuns.Text(world.OnlineCpus);
        var seen = recorded.GetProperty("online_cpus").GetString() ?? "";
        if (seen != online)
        {
            answer.Add("online_cpus", seen, online);
        }

        return result;
    }
}
