// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Diagnosis;

/// <summary>What becomes of a machine when TDX is enabled on it.</summary>
public sealed class Prediction
{
    /// <summary>The kernel's rules it was judged by.</summary>
    public required HostProfile Profile { get; init; }

    /// <summary>The module it was judged with.</summary>
    public required ModuleVersion Module { get; init; }

    public required IReadOnlyList<PfnRange> BootRanges { get; init; }
    public required NodeSource Nodes { get; init; }

    /// <summary>tdx_memlist as it is built.</summary>
    public required IReadOnlyList<PfnRange> Memlist { get; init; }

    /// <summary>TDMRs, as far as they were filled in.</summary>
    public required IReadOnlyList<TdmrUse> Tdmrs { get; init; }

    /// <summary>The bytes of every TDMR that the memlist needs, also beyond the limit; ascending, disjoint, some
    /// touch.</summary>
    public required IReadOnlyList<AddressRange> NeededTdmrs { get; init; }

    public required ModuleLimits Limits { get; init; }

    /// <summary>0, or the negative errno of tdx_enable().</summary>
    public required int Errno { get; init; }

    /// <summary>The allocation of tdx_enable() that failed; null: none did.</summary>
    public AllocationSite? FailedSite { get; init; }

    public required TdxModuleStatus Status { get; init; }

    /// <summary>The kernel's lines, in order, as events.</summary>
    public required IReadOnlyList<TraceEvent> Lines { get; init; }

    /// <summary>A rule that nobody knows ended the prediction; null otherwise.</summary>
    public string? Unknown { get; init; }

    public int TdmrsNeeded => NeededTdmrs.Count;
    public bool Succeeds => Errno == 0 && Unknown is null;

    public ulong PamtKb
    {
        get
        {
            ulong bytes = 0;
            foreach (var tdmr in Tdmrs)
                bytes += tdmr.PamtBytes;

            return bytes / Sizes.Kib;
        }
    }

    /// <summary>The last line of a kind, or null.</summary>
    public TraceEvent? Find(KernelLine line)
    {
        for (var i = Lines.Count - 1; i >= 0; i--)
        {
            if (Lines[i].Log.Line == line)
                return Lines[i];
        }

        return null;
    }
}
