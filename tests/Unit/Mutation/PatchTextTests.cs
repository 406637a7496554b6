// SPDX-License-Identifier: MIT

using TdxVerify.Mutation;

namespace TdxVerify.Tests.Unit.Mutation;

/// <summary>Mutants as unified diffs.</summary>
public sealed class PatchTextTests
{
    private const string Source = "int f(int a)\n{\n\tif (a)\n\t\treturn 1;\n\treturn 0;\n}\n";

    private static string Patch(string before, string after)
    {
        var edit = new SourceEdit("mm/f.c", Source.IndexOf(before, StringComparison.Ordinal), before.Length, after);
        return PatchText.Of(new Mutant("f/rule/1", edit, "f", "rule", 1, before, after), Source);
    }

    [Fact]
    public void ALineStandsBetweenThree() => Assert.Equal(
        "f/rule/1\n\n--- a/mm/f.c\n+++ b/mm/f.c\n@@ -2,5 +2,5 @@\n {\n \tif (a)\n \t\treturn 1;\n-\treturn 0;\n+\treturn 2;\n }\n",
        Patch("return 0", "return 2"));

    [Fact]
    public void LinesMayGo() => Assert.Equal(
        "f/rule/1\n\n--- a/mm/f.c\n+++ b/mm/f.c\n@@ -1,6 +1,5 @@\n int f(int a)\n {\n-\tif (a)\n-\t\treturn 1;\n+\t;\n \treturn 0;\n }\n",
        Patch("if (a)\n\t\treturn 1;", ";"));

    [Fact]
    public void LinesMayCome() => Assert.Equal(
        "f/rule/1\n\n--- a/mm/f.c\n+++ b/mm/f.c\n@@ -1,4 +1,5 @@\n-int f(int a)\n+int f(int a,\n+      int b)\n {\n \tif (a)\n \t\treturn 1;\n",
        Patch("int f(int a)", "int f(int a,\n      int b)"));

    [Fact]
    public void AFileHasNoSlashes() => Assert.Equal(
        "f.rule.1.patch", PatchText.FileOf(new Mutant("f/rule/1", default, "f", "rule", 1, "", "")));
}
