// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>Two programs in a row, either of which may fail.</summary>
public sealed class ChildPipeTests
{
    [Fact]
    public void BytesArriveAsTheyLeft()
    {
        using var place = new Workplace();
        Pipe(place, "head -c 3000000 /dev/urandom | tee sent", "cat >got");
        Assert.Equal(File.ReadAllBytes(place.At("sent")), File.ReadAllBytes(place.At("got")));
        Assert.Equal(3_000_000, new FileInfo(place.At("got")).Length);
    }

    [Fact]
    public void TheOneThatFailedFirstIsBlamed()
    {
        using var place = new Workplace();
        Assert.Equal("sh failed: source", Failure(place, "echo source >&2; exit 1", "cat >/dev/null; echo sink >&2; exit 1"));
        Assert.Equal("sh failed: sink", Failure(place, "cat /dev/zero", "echo sink >&2; exit 1"));
        Assert.Equal("sh failed: sink", Failure(place, "true", "cat; echo sink >&2; exit 1"));
    }

    [Fact]
    public void ASinkThatHasEnoughIsNoFailure()
    {
        using var place = new Workplace();
        Pipe(place, "cat /dev/zero", "head -c 5 >got");
        Assert.Equal(5, new FileInfo(place.At("got")).Length);
    }

    [Fact]
    public void ATokenKillsBoth()
    {
        using var place = new Workplace();
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Assert.Throws<OperationCanceledException>(() => Pipe(place, "cat /dev/zero", "cat >/dev/null", source.Token));
    }

    private static string Failure(Workplace place, string source, string sink) =>
        Assert.Throws<KernelTreeException>(() => Pipe(place, source, sink)).Message;

    private static void Pipe(Workplace place, string source, string sink, CancellationToken token = default)
    {
        using var first = ChildProcess.Start("sh", ["-c", source], token, place.Folder);
        using var second = ChildProcess.Start("sh", ["-c", sink], token, place.Folder);
        ChildPipe.Run(first, second);
    }
}
