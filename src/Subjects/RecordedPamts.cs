// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;

namespace TdxVerify.Subjects;

/// <summary>alloc_contig_pages() that repeats recorded answers and notes what it was asked.</summary>
/// <param name="answers">A page frame, or null, for every call; later calls fail.</param>
public sealed class RecordedPamts(IReadOnlyList<ulong?> answers) : IPamtAllocator
{
    private readonly List<(ulong Pages, int Nid)> _requests = [];

    /// <summary>Pages and node of every call.</summary>
    public IReadOnlyList<(ulong Pages, int Nid)> Requests => _requests;

    /// <inheritdoc/>
    public bool TryAllocate(ulong pages, int nid, out ulong pfn)
    {
        var answer = _requests.Count < answers.Count ? answers[_requests.Count] : null;
        _requests.Add((pages, nid));
        pfn = answer ?? 0;
        return answer is not null;
    }

    /// <inheritdoc/>
    public void Free(ulong pfn, ulong pages)
    {
    }
}
