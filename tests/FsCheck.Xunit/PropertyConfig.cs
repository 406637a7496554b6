// SPDX-License-Identifier: MIT

using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Xunit;

namespace FsCheck.Xunit;

/// <summary>FsCheck's configuration from the settings of the attributes.</summary>
internal static class PropertyConfig
{
    /// <summary>FsCheck's defaults where the settings say nothing.</summary>
    /// <exception cref="PropertyFailedException">A setting makes no sense.</exception>
    public static Config From(PropertySettings settings, IRunner runner, ITestOutputHelper output)
    {
        var config = Config.Default;
        config = config
            .WithMaxTest(AtLeast(1, settings.MaxTest, nameof(settings.MaxTest)) ?? config.MaxTest)
            .WithMaxRejected(AtLeast(1, settings.MaxRejected, nameof(settings.MaxRejected)) ?? config.MaxRejected)
            .WithStartSize(AtLeast(0, settings.StartSize, nameof(settings.StartSize)) ?? config.StartSize)
            .WithEndSize(AtLeast(0, settings.EndSize, nameof(settings.EndSize)) ?? config.EndSize)
            .WithQuietOnSuccess(settings.QuietOnSuccess ?? config.QuietOnSuccess)
            .WithArbitrary(settings.Arbitrary)
            .WithRunner(runner);
        if (settings.Parallelism is { } parallelism)
        {
            var degree = parallelism == -1 ? -1 : AtLeast(1, parallelism, nameof(settings.Parallelism))!.Value;
            config = config.WithParallelRunConfig(FSharpOption<ParallelRunConfig>.Some(new(degree)));
        }

        if (settings.Replay is { } replay)
        {
            config = config.WithReplay(FSharpOption<Replay>.Some(ReplayText.Parse(replay)));
        }

        return settings.Verbose is true ? Verbose(config, output) : config;
    }

    private static Config Verbose(Config config, ITestOutputHelper output)
    {
        var every = Config.Verbose.Every;
        var everyShrink = Config.Verbose.EveryShrink;
        return config
            .WithEvery(FuncConvert.FromFunc<int, FSharpList<object>, string>(
                (test, arguments) => Written(FSharpFunc<int, FSharpList<object>>.InvokeFast(every, test, arguments))))
            .WithEveryShrink(FuncConvert.FromFunc<FSharpList<object>, string>(
                arguments => Written(everyShrink.Invoke(arguments))));

        string Written(string text)
        {
            output.WriteLine(text.TrimEnd());
            return "";
        }
    }

    private static int? AtLeast(int least, int? value, string name) =>
        value < least ? throw new PropertyFailedException($"{name} is {value}: it must be at least {least}.", null) : value;
}
