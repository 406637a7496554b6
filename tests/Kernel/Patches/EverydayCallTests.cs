// SPDX-License-Identifier: MIT

using TdxVerify.Search;
using TdxVerify.Search.Differences;
using TdxVerify.Tests.Kernel.Searches;

namespace TdxVerify.Tests.Kernel.Patches;

/// <summary>
/// Whatever kernel headers declare may be called by a patch: what is common does what it should, and violates nothing;
/// of the rest the case says that it ends there. calls.tsv has the calls.
/// </summary>
public sealed class EverydayCallTests
{
    private const string Tdx = "arch/x86/virt/vmx/tdx/tdx.c";
    private const string Start = "\tget_online_mems();\n\n\tret = build_tdx_memlist(&tdx_memlist);";

    private static readonly string[] AllButTheReference =
        [.. PropertyCatalog.Usual.Where(static p => p is not DifferentialProperty).Select(static p => p.Id)];

    public static TheoryData<string, string, string?> Calls
    {
        get
        {
            using var stream = typeof(EverydayCallTests).Assembly.GetManifestResourceStream("calls.tsv")!;
            using var reader = new StreamReader(stream);
            var rows = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static l => l.Split('\t'));
            return new TheoryData<string, string, string?>(rows.Select(static r => (r[0], r[1], r[2] == "-" ? null : r[2])));
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void ACallThatAPatchAddsIsNoFinding(string name, string code, string? ends)
    {
        var kernel = Edits.Build(Tdx, Start, $"\t{{ {code} }}\n{Start}");
        var campaign = KernelSearch.Run(KernelSearch.Options(kernel, 256, AllButTheReference));

        Assert.Empty(KernelSearch.Unknown(campaign));
        Assert.Equal((name, ends is null ? null : $"kernel code called {ends}(): not available here"), (name, campaign.Unknown.First));
    }
}
