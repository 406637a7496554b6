// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;

namespace TdxVerify.Subjects.Pamts;

/// <summary>alloc_contig_pages() that repeats recorded answers.</summary>
/// <param name="answers">A page frame, or null, for every call; later calls fail.</param>
internal sealed class RecordedPamts(IReadOnlyList<ulong?> answers) : IPamtAllocator
{
    private int _calls;

    /// <inheritdoc/>
    public bool TryAllocate(ulong pages, int nid, out ulong pfn)
    {
        var answer = _calls < answers.Count ? answers[_calls] : null;
        _calls++;
        pfn = answer ?? 0;
        return answer is not null;
    }

    /// <inheritdoc/>
    public void Free(ulong pfn, ulong pages)
    {
    }
}
