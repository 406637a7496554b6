// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;
using TdxVerify.Subjects.Guest;
using TdxVerify.Subjects.Guest.Kernels;

namespace TdxVerify.Tests.Guest;

/// <summary>The kernels that tests boot: Debian's own, which apt fetches, and those with a TDX host that somebody has built before.</summary>
internal static class GuestKernelSource
{
    private static readonly Dictionary<string, GuestKernel> Found = [];

    private static bool MustBeThere => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Debian's own kernel of a release, or the test is skipped; in CI it fails instead.</summary>
    public static GuestKernel RequireStock(string release)
    {
        RequireQemu();
        try
        {
            return Open("stock:" + release);
        }
        catch (Exception problem) when (!MustBeThere && problem is KernelTreeException or GuestException)
        {
            Assert.Skip(problem.Message);
            throw;
        }
    }

    /// <summary>A kernel with a TDX host, if it was built before: that takes minutes.</summary>
    public static GuestKernel RequireTdx(string release)
    {
        RequireQemu();
        var kernel = new GuestKernels(static _ => { }).FindBuilt(release);
        Assert.SkipWhen(kernel is null, $"no kernel of {release} was built: 'tdxverify confirm --qemu --kernel debian:{release}' builds it");
        return kernel!;
    }

    private static void RequireQemu()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var isThere = Array.Exists(path, static p => File.Exists(Path.Combine(p, "qemu-system-x86_64")));
        Assert.False(MustBeThere && !isThere, "qemu-system-x86_64 is missing");
        Assert.SkipWhen(!isThere, "qemu-system-x86_64 is missing");
    }

    private static GuestKernel Open(string name)
    {
        if (!Found.TryGetValue(name, out var kernel))
            Found[name] = kernel = new GuestKernels(static _ => { }).Open(name, CancellationToken.None);

        return kernel;
    }
}
