// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

// They fail on purpose: what is not public stays out of the suite, and xunit makes them.
#pragma warning disable xUnit1000, CA1812

namespace TdxVerify.Tests.Properties;

/// <summary>Properties for <see cref="StandInTests"/> to run one at a time.</summary>
internal sealed class StandInSamples
{
    [Property]
    public bool True(int n) => n == n + 0;

    [Property]
    public void TrueWithoutResult(int n) => Assert.Equal(n, -(-n));

    [Property]
    public Property TrueAsProperty(int n) => (n * n >= 0).ToProperty().Classify(n < 0, "negative");

    [Property]
    public async Task TrueLater(int n)
    {
        await Task.Yield();
        Assert.Equal(n, -(-n));
    }

    [Property]
    public static bool TrueStatic(int n) => n == n + 0;

    [Property]
    public bool TwoBelow(int a, int b) => a < 15 || b < 10;

    [Property]
    public void Throws(int n) => throw new InvalidOperationException($"no {n} today");

    [Property]
    public async Task ThrowsLater(int n)
    {
        await Task.Delay(1);
        throw new InvalidOperationException($"no {n} later");
    }

    [Property]
    public async Task<bool> FalseLater(int n)
    {
        await Task.Yield();
        return n < 20;
    }

    [Property]
    public async void AsyncVoid(int n) => await Task.FromException(new InvalidOperationException($"{n} unseen"));

    [Property(Skip = "not today")]
    public bool Skipped(int n) => n > 0;

    [Property(QuietOnSuccess = true)]
    public bool Quiet(int n) => n == n + 0;

    [Property(Verbose = true, MaxTest = 3, Arbitrary = [typeof(Hundred)])]
    public bool Verbose(int n) => n == 100;

    [Property(StartSize = 7, EndSize = 7, Arbitrary = [typeof(SizeItself)])]
    public bool SizeSeven(int n) => n == 7;

    [Property(Arbitrary = [typeof(Hundred), typeof(Thousand)])]
    public bool FirstArbitraryWins(int n) => n == 100;

    [Property]
    public bool NoGenerator(IDisposable something) => something is null;

    [Property(MaxTest = 0)]
    public bool MaxTestZero(int n) => n == n + 0;

    [Property(MaxRejected = 0)]
    public bool MaxRejectedZero(int n) => n == n + 0;

    [Property(StartSize = -1)]
    public bool StartSizeBelowZero(int n) => n == n + 0;

    [Property(EndSize = -5)]
    public bool EndSizeBelowZero(int n) => n == n + 0;

    [Property(Parallelism = 0)]
    public bool ParallelismZero(int n) => n == n + 0;

    /// <summary>Its settings hold for the class inside it too.</summary>
    [Properties(MaxTest = 11, Arbitrary = [typeof(Hundred)])]
    internal sealed class WithSettings
    {
        [Property]
        public bool OfTheClass(int n) => n == 100;

        [Property(MaxTest = 5, Arbitrary = [typeof(Thousand)])]
        public bool OfTheMethod(int n) => n == 1000;

        [Properties(Arbitrary = [typeof(Thousand)])]
        internal sealed class Inside
        {
            [Property]
            public bool OfBoth(int n) => n == 1000;
        }
    }

    /// <summary>Counts for one test alone.</summary>
    internal sealed class Counted : IDisposable
    {
        public static int Made { get; private set; }

        public static int Calls { get; private set; }

        public static int Disposed { get; private set; }

        public Counted() => Made++;

        [Property(MaxTest = 37)]
        public void Call(int n) => Calls += n == n + 0 ? 1 : 0;

        public void Dispose() => Disposed++;
    }

    /// <summary>Counts for one test alone.</summary>
    internal sealed class CountedInParallel
    {
        private static int calls;
        private static int inside;
        private static volatile bool met;

        public static int Calls => calls;

        [Property(MaxTest = 50, Parallelism = 2)]
        public bool Meet(int n)
        {
            Interlocked.Increment(ref calls);
            Interlocked.Increment(ref inside);
            SpinWait.SpinUntil(() => met |= Volatile.Read(ref inside) > 1, TimeSpan.FromSeconds(20));
            Interlocked.Decrement(ref inside);
            return met && n == n + 0;
        }
    }

    /// <summary>Counts for one test alone.</summary>
    internal sealed class CountedRejected
    {
        public static int Calls { get; private set; }

        [Property(MaxRejected = 13)]
        public Property Reject(int n)
        {
            Calls++;
            return true.When(n > int.MaxValue - 1);
        }
    }

    internal static class Hundred
    {
        public static Arbitrary<int> Number() => Arb.From(Gen.Constant(100));
    }

    internal static class Thousand
    {
        public static Arbitrary<int> Number() => Arb.From(Gen.Constant(1000));
    }

    internal static class SizeItself
    {
        public static Arbitrary<int> Number() => Arb.From(Gen.Sized(static size => Gen.Constant(size)));
    }
}
