// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;
using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Building;

/// <summary>native/kernel is written as kernel developers write, and its folders hold what its README says.</summary>
public sealed partial class NativeStyleTests
{
    private const int MaxColumns = 100;
    private const int TabWidth = 8;
    private const string OfFiles = "// SPDX-License-Identifier: GPL-2.0-only";
    private const string OfHeaders = "/* SPDX-License-Identifier: GPL-2.0-only */";

    private static readonly string Sources = Path.Combine(Repository.Root, "native", "kernel");

    [Fact]
    public void CheckpatchFindsNothing()
    {
        var tree = KernelSource.Require();
        var script = Path.Combine(tree.Folder, "scripts", "checkpatch.pl");
        Assert.SkipUnless(File.Exists(script), $"{tree.Name} has no scripts/checkpatch.pl: name a complete tree");
        Assert.SkipUnless(IsInstalled("perl"), "perl was not found");

        // It reads .checkpatch.conf where it runs, and may leave files there.
        using var copy = new NativeCopy();
        var files = SourceFiles().Select(static f => Path.GetRelativePath(Sources, f));
        using var checkpatch = ChildProcess.Start(
            "perl", [script, "--terse", "--show-types", "-f", .. files], CancellationToken.None, copy.Folder);
        checkpatch.CloseInput();
        var findings = checkpatch.ReadOutput().Split('\n').Where(static l => Finding().IsMatch(l));
        var end = checkpatch.End();
        Assert.Empty(findings);
        Assert.True(end.ExitCode == 0, end.Errors);
    }

    [Fact]
    public void FilesAreWrittenInKernelStyle() =>
        Assert.Empty(SourceFiles().SelectMany(static file => ProblemsOf(file, File.ReadAllLines(file))));

    [Fact]
    public void WhatIsNotInKernelStyleIsNoticed()
    {
        string[] lines = [OfHeaders, "unsigned int a;", "\tunsigned b;", "\t" + new string('c', 96), "d; ", "", ""];
        Assert.Equal(
            [
                "x.c:1: licence", "x.c:3: bare unsigned", "x.c:4: 104 columns", "x.c:5: white space",
                "x.c:7: second blank line",
            ],
            ProblemsOf("x.c", lines));
    }

    [Fact]
    public void AHeaderInFrontOfTheKernelsDefinesNothing()
    {
        foreach (var file in SourceFiles().Where(static f => FolderOf(f) == "include"))
        {
            var lines = WithoutComments(file).Where(static l => l.Length > 0).ToList();
            var isOurs = Path.GetFileName(Path.GetDirectoryName(file)) is "harness" or "include";
            var isEmpty = lines.TrueForAll(static l => Include().IsMatch(l));
            Assert.True(isOurs || isEmpty, $"{file}: {string.Join(" | ", lines)}");
        }
    }

    [Theory]
    [InlineData("stubs", "Stubs")]
    [InlineData("fakes", "Fakes|Globals")]
    [InlineData("dup", "Duplicates")]
    public void AFilesFirstCommentSaysWhatItsFolderHolds(string folder, string words)
    {
        var files = SourceFiles().Where(f => FolderOf(f) == folder).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, f => Assert.Matches($@"^(//|/\*) SPDX[^\n]+\n/\*(\n \*)? ({words})\b", File.ReadAllText(f)));
    }

    private static IEnumerable<string> SourceFiles() => Directory.GetFiles(Sources, "*.*", SearchOption.AllDirectories)
        .Where(static f => Path.GetExtension(f) is ".c" or ".h").Order(StringComparer.Ordinal);

    private static string FolderOf(string file) => Path.GetRelativePath(Sources, file).Split('/')[0];

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string[] WithoutComments(string file) =>
        Comment().Replace(File.ReadAllText(file), "").Split('\n', StringSplitOptions.TrimEntries);

    private static IEnumerable<string> ProblemsOf(string file, string[] lines)
    {
        var licence = Path.GetExtension(file) == ".c" ? OfFiles : OfHeaders;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var columns = line.Aggregate(0, static (at, c) => c == '\t' ? at - (at % TabWidth) + TabWidth : at + 1);
            var problem = i == 0 && line != licence ? "licence"
                : columns > MaxColumns ? $"{columns} columns"
                : line.TrimEnd() != line ? "white space"
                : BareUnsigned().IsMatch(line) ? "bare unsigned"
                : i > 0 && line.Length == 0 && lines[i - 1].Length == 0 ? "second blank line"
                : null;
            if (problem is not null)
            {
                yield return $"{file}:{i + 1}: {problem}";
            }
        }
    }

    [GeneratedRegex(@"\b(ERROR|WARNING|CHECK):")]
    private static partial Regex Finding();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(#pragma once|#include <(harness|stubs|dup|asm-generic)/\w+\.h>)$")]
    private static partial Regex Include();

    [GeneratedRegex(@"\bunsigned\b(?! (int|long|short|char)\b)")]
    private static partial Regex BareUnsigned();
}
