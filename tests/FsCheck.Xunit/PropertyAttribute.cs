// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Xunit;
using Xunit.v3;

namespace FsCheck.Xunit;

/// <summary>Runs a method as an FsCheck property. What is not set comes from <see cref="PropertiesAttribute"/>, then from FsCheck.</summary>
/// <param name="sourceFilePath">Filled in by the compiler.</param>
/// <param name="sourceLineNumber">Filled in by the compiler.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
[XunitTestCaseDiscoverer(typeof(PropertyDiscoverer))]
[SuppressMessage("Performance", "CA1813:Avoid unsealed attributes", Justification = "PropertiesAttribute has the same settings.")]
public class PropertyAttribute(
    [CallerFilePath] string? sourceFilePath = null,
    [CallerLineNumber] int sourceLineNumber = -1) : FactAttribute(sourceFilePath, sourceLineNumber)
{
    /// <summary>Where to start: "seed,gamma" repeats a run, "seed,gamma,size" its failing case alone. Parentheses are allowed.</summary>
    public string? Replay
    {
        get => Settings.Replay;
        set => Settings = Settings with { Replay = string.IsNullOrEmpty(value) ? null : value };
    }

    /// <summary>How many cases run at the same time; -1 is as many as there are processors.</summary>
    public int Parallelism
    {
        get => Settings.Parallelism ?? -1;
        set => Settings = Settings with { Parallelism = value };
    }

    /// <summary>How many cases must pass.</summary>
    public int MaxTest
    {
        get => Settings.MaxTest ?? -1;
        set => Settings = Settings with { MaxTest = value };
    }

    /// <summary>How many cases may be rejected by a condition before the test gives up and fails.</summary>
    public int MaxRejected
    {
        get => Settings.MaxRejected ?? -1;
        set => Settings = Settings with { MaxRejected = value };
    }

    /// <summary>The size of the first case.</summary>
    public int StartSize
    {
        get => Settings.StartSize ?? -1;
        set => Settings = Settings with { StartSize = value };
    }

    /// <summary>The size of the last case; sizes between grow evenly.</summary>
    public int EndSize
    {
        get => Settings.EndSize ?? -1;
        set => Settings = Settings with { EndSize = value };
    }

    /// <summary>Writes every case and every shrink to the output of the test.</summary>
    public bool Verbose
    {
        get => Settings.Verbose ?? false;
        set => Settings = Settings with { Verbose = value };
    }

    /// <summary>Types with static members that return an Arbitrary; for one generated type, the first in the array wins.</summary>
    public Type[] Arbitrary
    {
        get => Settings.Arbitrary;
        set => Settings = Settings with { Arbitrary = value };
    }

    /// <summary>Writes nothing when the property holds.</summary>
    public bool QuietOnSuccess
    {
        get => Settings.QuietOnSuccess ?? false;
        set => Settings = Settings with { QuietOnSuccess = value };
    }

    internal PropertySettings Settings { get; private set; } = new();
}
