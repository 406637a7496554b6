// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Kernel;

/// <summary>The kernel's TDMR buffer: one TDMR_INFO every so many bytes.</summary>
internal static class TdmrBuffer
{
    private const int FirstArea = (int)TdmrInfo.ReservedOffset / sizeof(ulong);

    /// <summary>Writes down the TDMRs in use; empty slots behind the last reserved area are left out. Nothing where a
    /// TDMR has no room for its fields.</summary>
    public static unsafe void Capture(in NativeState state, TdmrTable table)
    {
        var words = state.TdmrBytes / sizeof(ulong);
        for (var i = 0; words >= FirstArea && i < state.Tdmrs; i++)
        {
            var tdmr = new ReadOnlySpan<ulong>((ulong*)state.Buffer + (i * words), words);
            var end = words & ~1;
            while (end > FirstArea && tdmr[end - 1] == 0 && tdmr[end - 2] == 0)
                end -= 2;

            for (var at = FirstArea; at < end; at += 2)
                table.AddReserved(tdmr[at], tdmr[at + 1]);

            table.Add(
                tdmr[0], tdmr[1], new PamtView(tdmr[6], tdmr[7]), new PamtView(tdmr[4], tdmr[5]),
                new PamtView(tdmr[2], tdmr[3]));
        }
    }
}
