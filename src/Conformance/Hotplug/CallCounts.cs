// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>How often the model has made each SEAMCALL, and the instructions around them, since its trace was last
/// cleared.</summary>
internal sealed class CallCounts
{
    private const int Leaves = 256;
    private const ulong BytesOfMovdir64B = 64;

    private readonly SortedDictionary<string, ulong> _counts = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _counts.Keys;

    /// <summary>Calls of that name: a leaf in decimal, or an instruction.</summary>
    public ulong this[string name] => _counts.GetValueOrDefault(name);

    public static CallCounts Of(RecordedHost host)
    {
        var counts = new CallCounts();
        for (ulong leaf = 0; leaf < Leaves; leaf++)
            counts.Add(leaf.ToString(CultureInfo.InvariantCulture), (ulong)host.Trace.SeamcallsOf(leaf));

        return counts;
    }

    public static CallCounts WithInstructions(RecordedHost host)
    {
        var counts = Of(host);
        counts.Add("vmxon", (ulong)host.Cpus.VmxOns);
        counts.Add("vmxoff", (ulong)host.Cpus.VmxOffs);
        counts.Add("movdir64b", host.Trace.ResetBytes / BytesOfMovdir64B);
        return counts;
    }

    public CallCounts Since(CallCounts before)
    {
        var counts = new CallCounts();
        foreach (var (name, count) in _counts)
            counts.Add(name, count - before[name]);

        return counts;
    }

    private void Add(string name, ulong count)
    {
        if (count != 0)
            _counts[name] = count;
    }
}
