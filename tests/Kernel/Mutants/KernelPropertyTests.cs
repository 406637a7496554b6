// SPDX-License-Identifier: MIT

using TdxVerify.Tests.Kernel.Searches;

namespace TdxVerify.Tests.Kernel.Mutants;

/// <summary>The properties of kernel code itself: each is broken by the mutant in its source that SPECIFICATION.md names.</summary>
public sealed class KernelPropertyTests
{
    private const ulong Cases = 2000;

    /// <summary>Rows of SPECIFICATION.md: id and mutant.</summary>
    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var line in File.ReadAllLines(Path.Combine(Repository.Root, "SPECIFICATION.md")).Where(static l => l.StartsWith("| K", StringComparison.Ordinal)))
            {
                var cells = line.Split(" | ");
                rows.Add(cells[0].TrimStart('|').Trim(), cells[^1].TrimEnd('|').Trim());
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void IsBrokenByItsSlip(string statement, string name)
    {
        var tree = KernelSource.Require();
        var options = KernelSearch.Options(EditRuns.Build(tree, SourceMutants.Find(name)), Cases, statement);
        if (statement == "K5")
        {
            options = options with { Kernel = options.Kernel! with { Against = KernelSearch.UnderTest(KernelSource.RequireBuilt()) } };
        }

        var found = Assert.Single(KernelSearch.Run(options).Violations);
        Assert.Equal(statement, found.Property);
        Assert.Null(found.KnownIssue);
    }

    [Fact]
    public void AKernelDoesWhatItDoesItself()
    {
        var built = KernelSource.RequireBuilt();
        var options = KernelSearch.Options(built, Cases, "K5");
        Assert.Empty(KernelSearch.Run(options with { Kernel = options.Kernel! with { Against = options.Kernel } }).Violations);
    }

    [Fact]
    public void EveryRowIsThere() => Assert.Equal(["K1", "K2", "K3", "K4", "K5"], Rows.Select(static r => r.Data.Item1));
}
