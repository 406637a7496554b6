// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static System.StringComparison;

namespace TdxVerify.Properties.Shrinking;

/// <summary>
/// Everything ordinary at once, then one thing after another: one range of memory, else plain additions of it, one
/// CMR, usual choices, no words of the command line.
/// </summary>
internal static class MachinePass
{
    public static void Run(Shrinker shrinker)
    {
        foreach (var rank in (int[])[0, 2])
        {
            if (shrinker.TryAny(
                s => { SetOneRange(s, Sizes.Page1G); SetCmrs(s, rank); SetPlatform(s); s.Faults.Clear(); },
                s => { SetOneRange(s, Sizes.Page1G); SetCmrs(s, rank); }))
            {
                break;
            }
        }

        shrinker.Try(static s => { SetOneRange(s, BoundaryMap.Block); BoundaryMap.ShiftBlocks(s); });
        if (shrinker.Try(static s => { SetPlainAdditions(s); SetCmrs(s, 0); SetChoices(s.Choices); SetPlatform(s); }))
            return;

        shrinker.TryAny(
            static s => { SetPlainAdditions(s); s.Machine.Options = BootOptions.None; },
            static s => { SetPlainAdditions(s); DropOtherWords(s.Machine); },
            static s => { SetPlainAdditions(s); DropOtherWords(s.Machine); KindPass.SetNodes(s, static (_, _) => 0); },
            SetPlainAdditions);
        shrinker.TryAny(static s => SetCmrs(s, 0), static s => SetCmrs(s, 1), static s => SetCmrs(s, 2));
        if (!shrinker.Try(static s => SetChoices(s.Choices)))
        {
            shrinker.Try(static s => s.Choices.Placement = PamtPlacement.FirstFit);
            shrinker.Try(static s => s.Choices.Placement = PamtPlacement.BottomUp);
            shrinker.Try(static s => s.Choices.OfflineCpus = 0);
            shrinker.Try(static s => s.Choices.OfflineCpus = Math.Min(s.Choices.OfflineCpus, 1));
            shrinker.Try(static s => s.Choices.Cpus = s.Choices.CpusPerPackage = 1);
            shrinker.Try(static s => (s.Choices.Cpus, s.Choices.CpusPerPackage) = (2, 1));
            shrinker.Try(static s => (s.Choices.Cpus, s.Choices.CpusPerPackage) = (2, 2));
            shrinker.Try(static s => s.Choices.TdmrInitStep = 0);
            shrinker.Try(static s => s.Choices.PartialWriteErratum = true);
            shrinker.Try(static s => s.Choices.Missing = MissingFeatures.None);
            shrinker.Try(static s => s.Choices.SeamretInvalidatesVmcs = false);
            shrinker.Try(static s => s.Choices.RunsUnderHypervisor = false);
            shrinker.Try(static s => s.Choices.TdPage = null);
        }

        shrinker.Try(SetPlatform);
        DropWords(shrinker);
    }

    /// <summary>One range of memory from 1 MiB on. Only what is said of memory changes.</summary>
    public static void SetOneRange(Scenario scenario, ulong end)
    {
        ClearMemory(scenario.Machine);
        scenario.Machine.MemblockCalls.Add(
            new MemblockCall(MemblockCallKind.Add, Sizes.Mib, end - Sizes.Mib, 0, 0));
    }

    /// <summary>Says the memory in plain additions, where it is known.</summary>
    private static void SetPlainAdditions(Scenario scenario)
    {
        var truth = new ExpectedMemory();
        if (!truth.TryBoot(scenario.Machine))
            return;

        ClearMemory(scenario.Machine);
        foreach (ref readonly var piece in truth.Memory.Pieces)
        {
            scenario.Machine.MemblockCalls.Add(new MemblockCall(
                MemblockCallKind.Add, piece.Range.Start, piece.Range.Size, piece.Nid, piece.Flags));
        }
    }

    private static void ClearMemory(Machine machine)
    {
        machine.E820.Clear();
        machine.E820Changes.Clear();
        machine.Srat.Clear();
        machine.Mirrored.Clear();
        machine.HotpluggableMemory.Clear();
        machine.MemblockCalls.Clear();
    }

    private static void SetCmrs(Scenario scenario, int rank)
    {
        scenario.Machine.Cmrs.Clear();
        if (rank < 2)
            scenario.Machine.Cmrs.Add(rank == 0 ? ScenarioMeasure.FromFirstMib : ScenarioMeasure.FromZero);
    }

    private static void SetChoices(Choices choices)
    {
        var stalls = choices.TdmrInitStalls;
        choices.Clear();
        choices.TdmrInitStep = 0;
        choices.TdmrInitStalls = stalls;
    }

    private static void SetPlatform(Scenario scenario)
    {
        scenario.Machine.KeyIds = KeyIdPartition.Usual;
        scenario.Machine.Limits = ModuleLimits.Usual;
        scenario.Machine.Options = BootOptions.None;
        scenario.Machine.Features0 = scenario.Machine.CpuidConfigs = null;
    }

    private static void DropWords(Shrinker shrinker)
    {
        shrinker.Try(static s => s.Machine.KeyIds = KeyIdPartition.Usual);
        shrinker.Try(static s => s.Machine.Limits = ModuleLimits.Usual);
        shrinker.Try(static s => s.Machine.Features0 = null);
        shrinker.Try(static s => s.Machine.CpuidConfigs = null);
        shrinker.Try(static s => DropOtherWords(s.Machine));
        foreach (var word in shrinker.Smallest.Machine.Options.HotplugWords.Split(' ').Distinct())
            shrinker.Try(s => SetWords(s.Machine, words => words.Where(w => w != word)));

        foreach (var type in (string[])["_kernel", "_movable"])
            shrinker.Try(s => SetWords(s.Machine, words => words.Select(w => w.Replace(type, "", Ordinal))));
    }

    private static void DropOtherWords(Machine machine) =>
        machine.Options = BootOptions.None with { HotplugWords = machine.Options.HotplugWords };

    private static void SetWords(Machine machine, Func<IEnumerable<string>, IEnumerable<string>> change)
    {
        var words = change(machine.Options.HotplugWords.Split(' '));
        machine.Options = machine.Options with { HotplugWords = string.Join(' ', words) };
    }
}
