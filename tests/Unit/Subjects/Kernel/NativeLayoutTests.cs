// SPDX-License-Identifier: MIT

using TdxVerify.Subjects.Kernel;

namespace TdxVerify.Tests.Unit.Subjects.Kernel;

/// <summary>A library whose structs lie otherwise than this program's is told from one that fits.</summary>
public sealed class NativeLayoutTests
{
    [Fact]
    public void WhatIsTheSameFits() => Assert.Null(NativeLayout.FirstDifference(NativeLayout.Own));

    [Fact]
    public void EveryRowIsCompared() => Assert.All(
        NativeLayout.Own.Keys,
        static name => Assert.Contains($"{name} is ", Difference(rows => rows[name]++), StringComparison.Ordinal));

    [Fact]
    public void ARowThatTheLibraryLacksIsNoticed() => Assert.All(
        NativeLayout.Own.Keys,
        static name => Assert.Equal($"only the program has {name}", Difference(rows => rows.Remove(name))));

    [Fact]
    public void ARowThatTheProgramLacksIsNoticed() =>
        Assert.Equal("only the library has env_machine.x", Difference(static rows => rows.Add("env_machine.x", 44)));

    [Fact]
    public void ADifferenceIsOneLineInTheNamesOfC()
    {
        KeyValuePair<string, ulong>[] moved = [new("env_machine.mktme_keyids", 4)];
        Assert.Equal(
            "env_machine.mktme_keyids is 4 in the library, 0 in the program", NativeLayout.FirstDifference(moved));
    }

    private static string? Difference(Action<Dictionary<string, ulong>> change)
    {
        var rows = NativeLayout.Own.ToDictionary(StringComparer.OrdinalIgnoreCase);
        change(rows);
        return NativeLayout.FirstDifference(rows);
    }
}
