// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;
using TdxVerify.Model.Platform;

namespace TdxVerify.Properties.Shrinking;

/// <summary>Everything ordinary at once, then one thing after another: memory in plain additions, one CMR, usual choices.</summary>
internal static class PlainPass
{
    /// <summary>Runs the pass.</summary>
    public static void Run(Shrinker shrinker)
    {
        if (shrinker.Try(static s => CanonicalMachine.TrySetMemory(s) && SetCmrs(s) && SetChoices(s) && SetPlatform(s)))
        {
            return;
        }

        shrinker.Try(CanonicalMachine.TrySetMemory);
        shrinker.Try(SetCmrs);
        if (!shrinker.Try(SetChoices))
        {
            shrinker.Try(static s => Change(s, static c => c.Placement = PamtPlacement.FirstFit));
            shrinker.Try(static s => Change(s, static c => c.Placement = PamtPlacement.BottomUp));
            shrinker.Try(static s => Change(s, static c => c.Cpus = c.CpusPerPackage = 1));
            shrinker.Try(static s => Change(s, static c => (c.Cpus, c.CpusPerPackage) = (2, 1)));
            shrinker.Try(static s => Change(s, static c => c.TdmrInitStep = 0));
            shrinker.Try(static s => Change(s, static c => c.PartialWriteErratum = true));
        }

        shrinker.Try(SetPlatform);
    }

    private static bool SetCmrs(Scenario scenario)
    {
        CanonicalMachine.SetCmrs(scenario.Machine);
        return true;
    }

    private static bool SetChoices(Scenario scenario) => Change(scenario, static c =>
    {
        var stalls = c.TdmrInitStalls;
        c.Clear();
        c.TdmrInitStep = 0;
        c.TdmrInitStalls = stalls;
    });

    private static bool SetPlatform(Scenario scenario)
    {
        scenario.Machine.KeyIds = KeyIdPartition.Usual;
        scenario.Machine.Limits = ModuleLimits.Usual;
        scenario.Machine.Options = BootOptions.None;
        return true;
    }

    private static bool Change(Scenario scenario, Action<Choices> change)
    {
        change(scenario.Choices);
        return true;
    }
}
