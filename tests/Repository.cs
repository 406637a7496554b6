// SPDX-License-Identifier: MIT

namespace TdxVerify.Tests;

/// <summary>Where things are on this machine.</summary>
internal static class Repository
{
    /// <summary>The folder with Verify.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder with recorded cases and real logs, or null.</summary>
    public static string? Corpus { get; } = Environment.GetEnvironmentVariable("TDXVERIFY_CORPUS") is { Length: > 0 } path ? path : null;

    /// <summary>The corpus, or the test is skipped and counted as such.</summary>
    public static string RequireCorpus()
    {
        Assert.SkipWhen(Corpus is null, "TDXVERIFY_CORPUS is not set: no recorded cases and no real logs");
        return Corpus!;
    }

    /// <summary>Mutants allocate: what the code under test allocates then says nothing, and the test is skipped.</summary>
    public static void RequireNoMutants() =>
        Assert.SkipUnless(Environment.GetEnvironmentVariable("STRYKER_MUTANT_FILE") is null, "mutants allocate");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Verify.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("Verify.sln was not found above " + AppContext.BaseDirectory);
    }
}
