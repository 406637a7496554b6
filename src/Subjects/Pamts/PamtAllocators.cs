// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Subjects.Pamts;

/// <summary>Makes the allocator that a scenario chooses.</summary>
internal static class PamtAllocators
{
    /// <summary>The allocator over memblock as it is now; NOMAP memory and the first 1 MiB are not in the page allocator.</summary>
    public static IPamtAllocator Of(Choices choices, MemblockTable memblock)
    {
        var memory = new List<PfnRange>();
        foreach (var region in memblock.Memory.Regions)
        {
            var range = new PfnRange(Math.Max(Pages.PfnUp(region.Base), Pages.PfnDown(Sizes.Mib)), Pages.PfnDown(region.End), region.Nid);
            if (range.Start < range.End && (region.Flags & MemblockFlags.Nomap) == 0)
            {
                memory.Add(range);
            }
        }

        return choices.Placement switch
        {
            PamtPlacement.Recorded => new RecordedPamts(choices.RecordedPamts),
            PamtPlacement.TopDown => new EdgeFitPamts(memory, topDown: true),
            PamtPlacement.BottomUp => new EdgeFitPamts(memory, topDown: false),
            PamtPlacement.Outside => new OutsidePamts(),
            _ => new FirstFitPamts(memory),
        };
    }
}
