// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;

namespace TdxVerify.Properties.Metamorphic;

/// <summary>A case whose list and TDMRs must be found again in another one, some way up.</summary>
internal static class MovedCase
{
    /// <summary>Compares where both succeeded; the other one may have more behind.</summary>
    public static Verdict Judge(CaseFacts facts, CaseFacts changed, ulong shift)
    {
        if (!facts.Succeeded || !changed.Succeeded)
            return Verdict.NotObservable;

        var entries = facts.After.Memlist;
        var others = changed.After.Memlist;
        for (var i = 0; i < entries.Length; i++)
        {
            var moved = new AddressRange(entries[i].Bytes.Start + shift, entries[i].Bytes.End + shift);
            if (i >= others.Length || others[i].Bytes != moved || others[i].Nid != entries[i].Nid)
            {
                return Verdict.BrokenAt(entries[i].Bytes, moved.Start, i < others.Length ? others[i].Bytes.Start : 0)
                    .At(facts.EnableStep + 1);
            }
        }

        var tdmrs = facts.Tdmrs;
        for (var i = 0; i < tdmrs.Length; i++)
        {
            if (i >= changed.Tdmrs.Length || changed.Tdmrs[i].Base != tdmrs[i].Base + shift
                || changed.Tdmrs[i].Size != tdmrs[i].Size)
            {
                return Verdict.BrokenAt(
                    tdmrs[i].Range, tdmrs[i].Base + shift, i < changed.Tdmrs.Length ? changed.Tdmrs[i].Base : 0)
                        .At(facts.EnableStep + 1);
            }
        }

        return Verdict.Holds;
    }
}
