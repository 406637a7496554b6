// SPDX-License-Identifier: MIT

namespace TdxVerify.Measuring;

/// <summary>Processor time of this process, its garbage collector included: what else runs on the machine doesn't
/// count.</summary>
internal static class CpuClock
{
    private const double NanosecondsPerTick = 100;

    /// <summary>Nanoseconds of processor time that an action takes.</summary>
    public static double Measure(Action action)
    {
        var before = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - before).Ticks * NanosecondsPerTick;
    }
}
