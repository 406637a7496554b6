// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Pamts;

/// <summary>Recorded answers of alloc_contig_pages(), repeated in order.</summary>
internal sealed class RecordedPlaces
{
    private List<ulong?> _answers = [];
    private int _calls;

    /// <summary>Starts over.</summary>
    /// <param name="answers">A page frame, or null, for every call; later calls fail.</param>
    public void Reset(List<ulong?> answers)
    {
        _answers = answers;
        _calls = 0;
    }

    public bool TryPlace(out ulong pfn)
    {
        var answer = _calls < _answers.Count ? _answers[_calls] : null;
        _calls++;
        pfn = answer ?? 0;
        return answer is not null;
    }
}
