// SPDX-License-Identifier: MIT

using System.Text;
using TdxVerify.Conformance;
using TdxVerify.Diagnosis;
using TdxVerify.Model.TdxHost;
using TdxVerify.Scenarios;
using TdxVerify.Scenarios.Input;

namespace TdxVerify.Tests.Conformance;

/// <summary>Real logs: given lines lead to observed ones.</summary>
public sealed class RealMachinesTests
{
    private const int LogsThatAgree = 115;

    private static string Layouts => Path.Combine(Repository.RequireCorpus(), "layouts");

    [Fact]
    public void NoRealLogDisagreesAndMostCanBeJudged()
    {
        var agree = 0;
        foreach (var path in Directory.GetFiles(Layouts).Order())
        {
            var verdict = Judge(path);
            Assert.True(verdict != FileVerdict.Disagrees, path);
            agree += verdict == FileVerdict.Agrees ? 1 : 0;
        }

        Assert.InRange(agree, LogsThatAgree, int.MaxValue);
    }

    /// <summary>The prediction must not peek: it is the same when every observed line is taken out.</summary>
    [Fact]
    public void BootRangesComeFromGivenLinesAlone()
    {
        foreach (var path in Directory.GetFiles(Layouts).Order())
        {
            var text = File.ReadAllText(path);
            if (!text.Contains("BIOS-e820: [mem", StringComparison.Ordinal) || !text.Contains("last_pfn = ", StringComparison.Ordinal))
            {
                continue;
            }

            var whole = Explanation.Of(LogReader.Read(path), ExplainOptions.None);
            if (whole.Boot is null)
            {
                continue;
            }

            var given = string.Join('\n', text.Split('\n').Where(static l => !IsObserved(l)));
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(given));
            var blind = Explanation.Of(LogReader.Read(stream, path), ExplainOptions.None);
            Assert.Equal(whole.Completed.Scenario.Observed.EarlyRanges, blind.Prediction.BootRanges);
        }
    }

    [Theory]
    [InlineData("001-tdx-emr-foxcreekpass-4node.txt", 1_050_644, "cmr-holes")]
    [InlineData("001-tdx-emr-foxcreekpass-4node.txt", 1_050_644, "cmr-holes-v8.2")]
    [InlineData("004-tdx-2socket-2tib.txt", 8_396_820, "merged")]
    [InlineData("006-tdx-spr-8480ctdx-2socket-256g.txt", 1_050_636, "merged")]
    [InlineData("007-tdx-4node-1tib-secret-docs.txt", 4_202_516, "merged")]
    [InlineData("008-tdx-4node-1tib-canonical-readme-2310.txt", 4_202_516, "merged")]
    [InlineData("030-tdx-hpe-1bank-252g.txt", 1_042_424, "merged")]
    public void PamtSizesComeOutToTheKilobyte(string file, int kb, string profile)
    {
        var log = LogReader.Read(Path.Combine(Layouts, file));
        var explanation = Explanation.Of(log, ExplainOptions.None with { Profile = HostProfile.Find(profile) });
        Assert.True(explanation.Prediction.Succeeds, explanation.Reason);
        Assert.Equal((ulong)kb, explanation.Prediction.PamtKb);
    }

    [Fact]
    public void TheEmeraldRapidsHostNeedsOneAreaTooMany()
    {
        var explanation = Explanation.Of(LogReader.Read(Path.Combine(Layouts, "001-tdx-emr-foxcreekpass-4node.txt")), ExplainOptions.None);
        Assert.Equal(-28, explanation.Prediction.Errno);
        Assert.Equal(17, explanation.Prediction.Tdmrs[0].Used);
        Assert.Empty(explanation.Prediction.Tdmrs[0].Pamts);
        Assert.True(explanation.Outcome!.Agrees);
        Assert.Equal("memmap=4K$0x64158000", Assert.Single(explanation.Remedies, static r => r.Kind == RemedyKind.GiveUpMemory).Parameter);
        Assert.Contains(explanation.Remedies, static r => r.Kind == RemedyKind.Kernel);
    }

    private static FileVerdict Judge(string path)
    {
        try
        {
            return ConformanceRun.Judge(path).Verdict;
        }
        catch (BadInputException problem) when (problem.IsUnrecognised)
        {
            return FileVerdict.NotApplicable;
        }
    }

    private static bool IsObserved(string line) =>
        line.Contains("Early memory node", StringComparison.Ordinal) || line.Contains("  node ", StringComparison.Ordinal)
        || line.Contains("memory[0x", StringComparison.Ordinal) || line.Contains("MEMBLOCK", StringComparison.Ordinal)
        || line.Contains("virt/tdx: module", StringComparison.Ordinal) || line.Contains("PAMT", StringComparison.Ordinal)
        || line.Contains("Initmem", StringComparison.Ordinal) || line.Contains("Zone ranges", StringComparison.Ordinal);
}
