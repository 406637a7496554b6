// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text.Json;
using TdxVerify.Mutation.Table;
using TdxVerify.Tests.Kernel.Survival;

namespace TdxVerify.Tests.Kernel.Cli;

/// <summary>mutate --kernel, end to end.</summary>
public sealed class MutateTests
{
    /// <summary>
    /// The size of the array of TDMR addresses is used before it is set. A search without sanitizers finds a number there that
    /// is rounded to one that is large enough; UBSan sees what rounding does to another.
    /// </summary>
    [Fact]
    public void WhatOnlySanitizersNoticeIsKilled()
    {
        var (code, output, errors) = CommandProcess.Run(
            "mutate", "--kernel", KernelSource.Require().Folder, "--mutant", "config_tdx_module/drop/1", "--no-shrink", "--json");
        Assert.Empty(errors);
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(output);
        var mutant = Assert.Single(json.RootElement.GetProperty("mutants").EnumerateArray());
        Assert.Equal("killed", mutant.GetProperty("fate").GetString());
        var kill = Assert.Single(mutant.GetProperty("kills").EnumerateArray());
        Assert.Equal("K1", kill.GetProperty("property").GetString());
        Assert.True(kill.GetProperty("cases").GetInt32() > 4096, "killed before sanitizers had their turn");
    }

    [Fact]
    public void WhatWasTriedIsToldWhenItIsTerminated()
    {
        using var mutate = new CommandProcess("mutate", "--kernel", KernelSource.Require().Folder, "--named", "--no-shrink", "--markdown", "--workers", "2");
        var clock = Stopwatch.StartNew();
        HashSet<int> workers = [];
        while (workers.Count < 5)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), "no fifth worker in a minute");
            workers.UnionWith(Children.Workers(mutate.Id));
        }

        mutate.Terminate();
        var (code, output, errors) = mutate.End();

        // They come in the order of the table, whichever was done first.
        var rows = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).Select(static row => row.Split(' ')[1]).ToList();
        Assert.InRange(rows.Count, 1, 10);
        var table = MutantTable.Of(KernelSource.Release).Select(static r => r.Name).ToList();
        Assert.Equal(table.Where(rows.Contains), rows);
        Assert.True(table.IndexOf(rows[^1]) <= rows.Count, "only what the other worker was at is missing");
        Assert.Matches($"^interrupted: {rows.Count} of [0-9]+ mutants were tried\n$", errors.Replace("tdxverify: ", "", StringComparison.Ordinal));
        Assert.Equal(130, code);
        Assert.Empty(Children.Workers(mutate.Id));
    }
}
