// SPDX-License-Identifier: MIT

using System.Diagnostics;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Tests.Kernel.Building;

/// <summary>What is compiled, how often, and what a user is told who names a tree that can't be.</summary>
public sealed class KernelBuildTests
{
    private const string Tdx = "arch/x86/virt/vmx/tdx/tdx.c";
    private const string Comment = "/* Exclude regions before this TDMR */";
    private const string Property = "tdmr_list->nr_consumed_tdmrs = tdmr_idx + 1;";

    [Fact]
    public void TheSameSourcesAreCompiledOnce()
    {
        var tree = KernelSource.Require();
        var first = BuildFolder.Build(tree);
        var written = File.GetLastWriteTimeUtc(first.Library);
        var told = new List<string>();
        var clock = Stopwatch.StartNew();
        var second = new KernelBuild(KernelBuild.DefaultSources, BuildFolder.Libraries, told.Add).Make(tree, BuildKind.Plain, CancellationToken.None);
        var taken = clock.Elapsed;
        Assert.Equal(first.Library, second.Library);
        Assert.Equal(written, File.GetLastWriteTimeUtc(second.Library));
        Assert.Equal(first.Profile, second.Profile);
        Assert.Equal(first.Features, second.Features);

        // It is about a tenth of a second; nobody is told to wait.
        Assert.Empty(told);
        Assert.True(taken < TimeSpan.FromSeconds(5), $"{taken}");
    }

    [Fact]
    public void WhereTheTreeLiesIsNoDifference()
    {
        var tree = KernelSource.Require();
        using var same = Edits.Tree(Tdx, static text => text);
        Assert.Equal(BuildFolder.Build(tree).Library, BuildFolder.Build(same.Tree).Library);
    }

    [Fact]
    public void LinesThatMoveAreADifference()
    {
        // Reports name lines of the source.
        var tree = KernelSource.Require();
        using var longer = Edits.Tree(Tdx, Comment, "/*\n * Exclude regions\n * before this TDMR\n */");
        Assert.NotEqual(BuildFolder.Build(tree).Library, BuildFolder.Build(longer.Tree).Library);
    }

    [Fact]
    public void WordsOfACommentAreNone()
    {
        var tree = KernelSource.Require();
        using var reworded = Edits.Tree(Tdx, Comment, "/* Regions before this TDMR are left out */");
        Assert.Equal(BuildFolder.Build(tree).Library, BuildFolder.Build(reworded.Tree).Library);
    }

    [Fact]
    public void SanitizersAreADifference()
    {
        var tree = KernelSource.Require();
        var sanitized = new KernelBuild(KernelBuild.DefaultSources, BuildFolder.Libraries).Make(tree, BuildKind.Sanitized, CancellationToken.None);
        Assert.NotEqual(BuildFolder.Build(tree).Library, sanitized.Library);
    }

    [Theory]
    [InlineData(Property, "tdmr_list->nr_consumed_tdmrs = tdmr_idx + ;", @"can't compile .*: arch/x86/virt/vmx/tdx/tdx\.c:\d+:\d+: error: .*; does the tree itself compile\?")]
    [InlineData("#include <linux/sort.h>", "#include <linux/sort_of.h>", @"can't compile .*: arch/x86/virt/vmx/tdx/tdx\.c:\d+:\d+: fatal error: linux/sort_of\.h: No such file or directory; the tree lacks a header")]
    public void WhatCantBeCompiledIsToldInOneLine(string old, string text, string line)
    {
        using var broken = Edits.Tree(Tdx, old, text);
        var told = Assert.Throws<KernelBuildException>(() => BuildFolder.Build(broken.Tree)).Message;
        Assert.Matches("^" + line, told);
        Assert.DoesNotContain('\n', told);
    }

    [Fact]
    public void ABuildThatFailsLeavesNothing()
    {
        using var broken = Edits.Tree(Tdx, Property, "}");
        var cache = Directory.CreateTempSubdirectory("tdxverify-cache-").FullName;
        try
        {
            Assert.Throws<KernelBuildException>(() => new KernelBuild(KernelBuild.DefaultSources, cache).Make(broken.Tree, BuildKind.Plain, CancellationToken.None));
            Assert.Empty(Directory.GetFileSystemEntries(cache));
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    [Fact]
    public async Task TwoBuildsAtOnceBothSucceed()
    {
        using var edited = Edits.Tree(Tdx, Comment, Comment + "\n/* at once */");
        var both = await Task.WhenAll(Task.Run(() => BuildFolder.Build(edited.Tree)), Task.Run(() => BuildFolder.Build(edited.Tree)));
        Assert.Equal(both[0].Library, both[1].Library);
        Assert.True(File.Exists(both[0].Library));
        Assert.DoesNotContain(Directory.GetDirectories(BuildFolder.Libraries), static d => Path.GetFileName(d).Length != 32);
    }
}
