// SPDX-License-Identifier: MIT

namespace TdxVerify.Conformance;

/// <summary>What came of all files together. A recorded case, a recorded boot and a log are one case each.</summary>
public sealed class ConformanceTotals
{
    public int Files { get; private set; }
    public int NotApplicable { get; private set; }
    public int Cases { get; private set; }

    /// <summary>Cases that disagree; the others agree.</summary>
    public int Disagree { get; private set; }

    /// <summary>Counts a file that was judged.</summary>
    public void Add(FileResult result)
    {
        if (result.Verdict == FileVerdict.NotApplicable)
        {
            AddNotApplicable();
            return;
        }

        Files++;
        Cases += result.Cases;
        Disagree += result.DisagreeCount;
    }

    /// <summary>Counts a file in which nothing can be judged.</summary>
    public void AddNotApplicable() => NotApplicable++;
}
