// SPDX-License-Identifier: MIT

using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Tests.Unit.Subjects.Kernel.Building;

/// <summary>Of all that a compiler writes, the line that helps.</summary>
public sealed class BuildLogTests
{
    [Theory]
    [InlineData("In file included from x.c:1:\n/out/tree/mm/memblock.c:12:3: error: expected ';'\n/out/tree/mm/memblock.c:13:3: error: next\n", "mm/memblock.c:12:3: error: expected ';'")]
    [InlineData("/out/tree/lib/sort.c:1:10: fatal error: linux/none.h: No such file or directory\ncompilation terminated.\n", "lib/sort.c:1:10: fatal error: linux/none.h: No such file or directory")]
    [InlineData("make: *** No rule to make target 'x'.  Stop.\n", "make: *** No rule to make target 'x'.  Stop.")]
    [InlineData("something\nelse\n", "else")]
    [InlineData("", "make failed without a word")]
    public void TheFirstProblemIsTold(string log, string problem) => Assert.Equal(problem, BuildLog.FirstProblem(log));

    [Fact]
    public void ALongLineIsCut() => Assert.Equal(400, BuildLog.FirstProblem("x.c:1: error: " + new string('x', 1000)).Length);

    [Theory]
    [InlineData("lib/sort.c:1:10: fatal error: linux/none.h: No such file or directory", "the tree lacks a header: name a complete tree")]
    [InlineData("mm/memblock.c:12:3: error: expected ';'", "does the tree itself compile? ")]
    [InlineData("lib/sort.c:12:3: error: expected ';'", "does the tree itself compile? ")]
    [InlineData("gcc: internal compiler error", "report it with the kernel's version")]
    public void WhatHelpsIsTold(string problem, string advice) => Assert.StartsWith(advice, BuildLog.Advice(problem), StringComparison.Ordinal);
}
