// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Properties.Invariants;
using TdxVerify.Scenarios.Lines;

namespace TdxVerify.Reporting;

/// <summary>A verdict in words.</summary>
internal static class EvidenceText
{
    /// <summary>"at [0x.., 0x..): expected .., got .., after step 1 (enable)".</summary>
    public static string Write(Property property, Verdict verdict, Scenario scenario)
    {
        var where = verdict.Range.IsEmpty ? "" : $"at {verdict.Range}";
        var what = property.Evidence == Evidence.None
            ? ""
            : $"expected {Value(property.Evidence, verdict.Expected)}{UnitOf(property, verdict.Expected)}, "
                + $"got {Value(property.Evidence, verdict.Got)}";
        return string.Join(
            ", ", new[] { where, what, When(verdict.Step, scenario) }.Where(static part => part.Length > 0));
    }

    private static string When(int step, Scenario scenario) => step switch
    {
        0 => "after boot",
        > 0 when step <= scenario.Steps.Count =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"after step {step} ({StepWords.WordOf(scenario.Steps[step - 1].Kind)})"),
        _ => "",
    };

    private static string UnitOf(Property property, ulong count) =>
        property.Evidence == Evidence.Count ? CountedThing.Of(property.Id, count) : "";

    private static string Value(Evidence evidence, ulong value) => evidence switch
    {
        Evidence.Address => $"0x{value:x}",
        Evidence.Result => Errno.Name(unchecked((int)value)),
        Evidence.Status => $"0x{value:x16} ({TdxStatus.Name(value) ?? "unknown"})",
        Evidence.Leaf when value == 0 => "no SEAMCALL",
        Evidence.Leaf => SeamcallLeaf.Name(value),
        _ => unchecked((long)value).ToString(CultureInfo.InvariantCulture),
    };
}
