// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>"seq" of a record: SEAMCALLs in order with CPU and status, equal neighbours counted together.</summary>
internal static class CallSequence
{
    /// <summary>Calls that are recorded.</summary>
    private const int Most = 1024;

    public static void Compare(
        JsonElement sequence, Trace trace, IReadOnlyCollection<int> online, RecordedAnswer answer)
    {
        var recorded = sequence.EnumerateArray()
            .SelectMany(e => Enumerable.Repeat(Recorded(e, online), RecordedValue.Between(e[3], 1, Most)));
        var predicted = trace.Events.Where(static e => e.Kind == TraceEventKind.Seamcall).Take(Most)
            .Select(static e => Call(e.Seamcall.Leaf, e.Seamcall.Lp, e.Seamcall.Status));
        var seen = string.Join(' ', recorded);
        var expected = string.Join(' ', predicted);
        if (seen != expected)
            answer.Add("seq", seen, expected);
    }

    private static string Recorded(JsonElement entry, IReadOnlyCollection<int> online)
    {
        var leaf = RecordedValue.Number(entry[0]);
        var cpu = RecordedValue.Int(entry[1]);

        // The initcall's thread runs wherever the scheduler puts it.
        return Call(leaf, IsOfThread(leaf) && online.Contains(cpu) ? 0 : cpu, ModuleFault.StatusOf(entry[2]));
    }

    private static bool IsOfThread(ulong leaf) =>
        leaf is SeamcallLeaf.SysRd or SeamcallLeaf.SysConfig or SeamcallLeaf.SysTdmrInit;

    private static string Call(ulong leaf, int cpu, ulong status) =>
        string.Create(CultureInfo.InvariantCulture, $"{leaf}@{cpu}{(status == 0 ? "" : $":0x{status:x}")}");
}
