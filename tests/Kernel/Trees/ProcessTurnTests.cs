// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

public sealed class ProcessTurnTests
{
    [Fact]
    public void OneWaitsForTheOther()
    {
        using var place = new Workplace();
        var waits = 0;
        using var first = ProcessTurn.Take(place.At("cache/.lock"), () => waits++, CancellationToken.None);
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(400));
        Assert.Throws<OperationCanceledException>(() => ProcessTurn.Take(place.At("cache/.lock"), () => waits++, source.Token));
        Assert.Equal(1, waits);

        first.Dispose();
        using var second = ProcessTurn.Take(place.At("cache/.lock"), () => waits++, CancellationToken.None);
        Assert.Equal(1, waits);
    }
}
