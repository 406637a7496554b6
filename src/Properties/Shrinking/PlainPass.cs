// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;

namespace TdxVerify.Properties.Shrinking;

/// <summary>Everything ordinary at once, then one thing after another: memory in plain additions, one CMR, usual choices.</summary>
internal static class PlainPass
{
    /// <summary>Runs the pass.</summary>
    public static void Run(Shrinker shrinker)
    {
        TryLeast(shrinker);
        if (shrinker.Try(static s => CanonicalMachine.TrySetMemory(s) && SetCmrs(s, 0) && SetChoices(s) && SetPlatform(s)))
        {
            return;
        }

        shrinker.Try(CanonicalMachine.TrySetMemory);
        for (var rank = 0; rank < CanonicalMachine.CmrRank(shrinker.Smallest.Machine) && rank <= 2; rank++)
        {
            var wanted = rank;
            shrinker.Try(s => SetCmrs(s, wanted));
        }

        if (!shrinker.Try(SetChoices))
        {
            shrinker.Try(static s => Change(s, static c => c.Placement = PamtPlacement.FirstFit));
            shrinker.Try(static s => Change(s, static c => c.Placement = PamtPlacement.BottomUp));
            shrinker.Try(static s => Change(s, static c => c.Cpus = c.CpusPerPackage = 1));
            shrinker.Try(static s => Change(s, static c => (c.Cpus, c.CpusPerPackage) = (2, 1)));
            shrinker.Try(static s => Change(s, static c => (c.Cpus, c.CpusPerPackage) = (2, 2)));
            shrinker.Try(static s => Change(s, static c => c.TdmrInitStep = 0));
            shrinker.Try(static s => Change(s, static c => c.PartialWriteErratum = true));
            shrinker.Try(static s => Change(s, static c => c.Missing = MissingFeatures.None));
            shrinker.Try(static s => Change(s, static c => c.SeamretInvalidatesVmcs = false));
        }

        shrinker.Try(SetPlatform);
    }

    /// <summary>Many faults show on the smallest machine there is, with its CMRs or without any.</summary>
    private static void TryLeast(Shrinker shrinker)
    {
        foreach (var rank in (int[])[0, 2])
        {
            if (shrinker.Try(s => SetLeast(s, rank) && ClearFaults(s)) || shrinker.Try(s => SetLeast(s, rank)))
            {
                return;
            }
        }
    }

    private static bool SetLeast(Scenario scenario, int cmrRank)
    {
        CanonicalMachine.SetLeastMemory(scenario.Machine);
        return SetCmrs(scenario, cmrRank) && SetPlatform(scenario);
    }

    private static bool ClearFaults(Scenario scenario)
    {
        scenario.Faults.Clear();
        return true;
    }

    private static bool SetCmrs(Scenario scenario, int rank)
    {
        CanonicalMachine.SetCmrs(scenario.Machine, rank);
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
        scenario.Machine.Features0 = null;
        return true;
    }

    private static bool Change(Scenario scenario, Action<Choices> change)
    {
        change(scenario.Choices);
        return true;
    }
}
