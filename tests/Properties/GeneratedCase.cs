// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Fluent;
using TdxVerify.Core.Cases;
using TdxVerify.Model;
using TdxVerify.Properties.Generation;
using TdxVerify.Reporting;
using TdxVerify.Scenarios;
using TdxVerify.Search;

namespace TdxVerify.Tests.Properties;

/// <summary>A scenario that the generator made of one number; printed as a scenario file.</summary>
/// <param name="scenario">The scenario.</param>
public sealed class GeneratedCase(Scenario scenario)
{
    public Scenario Scenario => scenario;

    /// <summary>Judges one property; what breaks it is made small and reported as check reports it.</summary>
    public Property Satisfies(string statement)
    {
        var options = new CampaignPlan { Properties = [statement] };
        var judge = new CaseJudge(KernelPolicy.Merged, properties: statement);
        judge.Run(scenario);
        var broken = judge.Judge(0, withMetamorphic: true).FirstOrDefault(static v => v.KnownIssue is null);
        return broken.Property is null ? true.ToProperty() : false.Label(Report(new FindingShrinker(options).Shrink(broken, scenario)));
    }

    public override string ToString() => "\n" + ScenarioWriter.Write(scenario);

    private static string Report(Finding finding) =>
        string.Join('\n', FindingText.Write(finding, "a property test", "FILE").Select(static line => line.Text));
}

/// <summary>FsCheck's view of the generator: one 64-bit number is drawn, and no combinators are needed.</summary>
public static class GeneratedCases
{
    public static Arbitrary<GeneratedCase> GeneratedCase() => Arb.From(
        FsCheck.FSharp.Gen.Choose64(long.MinValue, long.MaxValue).Select(static number => Make(unchecked((ulong)number))));

    internal static GeneratedCase Make(ulong number, Strategy strategy = Strategy.Mixed)
    {
        var scenario = new Scenario();
        new ScenarioGenerator(strategy).Fill(scenario, number);
        return new GeneratedCase(scenario);
    }
}

/// <summary>The same for sequences on memory blocks.</summary>
public static class GeneratedSequences
{
    public static Arbitrary<GeneratedCase> GeneratedCase() => Arb.From(
        FsCheck.FSharp.Gen.Choose64(long.MinValue, long.MaxValue).Select(static number => GeneratedCases.Make(unchecked((ulong)number), Strategy.Sequences)));
}
