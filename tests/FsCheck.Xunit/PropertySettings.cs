// SPDX-License-Identifier: MIT

using System.Reflection;

namespace FsCheck.Xunit;

/// <summary>What attributes say about a property; null where they say nothing.</summary>
internal sealed record PropertySettings
{
    public string? Replay { get; init; }

    public int? Parallelism { get; init; }

    public int? MaxTest { get; init; }

    public int? MaxRejected { get; init; }

    public int? StartSize { get; init; }

    public int? EndSize { get; init; }

    public bool? Verbose { get; init; }

    public bool? QuietOnSuccess { get; init; }

    public Type[] Arbitrary { get; init; } = [];

    /// <summary>The settings of a method: its own over those of its class, of the classes around that, and of the assembly.</summary>
    public static PropertySettings Of(Type testClass, MethodInfo method)
    {
        var settings = method.GetCustomAttribute<PropertyAttribute>()!.Settings;
        for (var around = testClass; around is not null; around = around.DeclaringType)
        {
            settings = settings.Over(around.GetCustomAttribute<PropertiesAttribute>()?.Settings);
        }

        return settings.Over(testClass.Assembly.GetCustomAttribute<PropertiesAttribute>()?.Settings);
    }

    private PropertySettings Over(PropertySettings? wider) => wider is null ? this : new()
    {
        Replay = Replay ?? wider.Replay,
        Parallelism = Parallelism ?? wider.Parallelism,
        MaxTest = MaxTest ?? wider.MaxTest,
        MaxRejected = MaxRejected ?? wider.MaxRejected,
        StartSize = StartSize ?? wider.StartSize,
        EndSize = EndSize ?? wider.EndSize,
        Verbose = Verbose ?? wider.Verbose,
        QuietOnSuccess = QuietOnSuccess ?? wider.QuietOnSuccess,
        Arbitrary = [.. Arbitrary, .. wider.Arbitrary],
    };
}
