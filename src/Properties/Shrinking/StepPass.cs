// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Shrinking;

/// <summary>
/// Drops steps: halves, quarters and so on, then each one for something that counts less: what a step does may have
/// been done by boot, or be so by itself.
/// </summary>
internal static class StepPass
{
    private const string DefaultState = "memhp_default_state=";
    private const int MaxTraded = 12;

    public static void Run(Shrinker shrinker)
    {
        ListPass.Drop(shrinker, static s => s.Steps);
        for (var i = shrinker.Smallest.Steps.Count - 1; i >= 0; i--)
        {
            var isShort = shrinker.Smallest.HasHotplug && shrinker.Smallest.Steps.Count <= MaxTraded;
            if (!shrinker.Try(s => AddAtBoot(s, i)) && isShort)
                Trade(shrinker, i);
        }
    }

    /// <summary>First blocks of what the steps are about, ascending.</summary>
    public static List<ulong> Blocks(Scenario scenario) =>
        [.. scenario.Steps.Where(BoundaryMap.IsOfBlocks).Select(static s => s.Address).Distinct().Order()];

    public static bool IsAddition(StepKind kind) =>
        kind is StepKind.AddMemory or StepKind.HotAdd or StepKind.HotAddManaged or StepKind.PlugDimm;

    public static void SetDefaultState(Machine machine)
    {
        var others = machine.Options.HotplugWords.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(static w => !w.StartsWith(DefaultState, StringComparison.Ordinal));
        var words = string.Join(' ', others.Append(DefaultState + "online"));
        machine.Options = machine.Options with { HotplugWords = words };
    }

    private static void Trade(Shrinker shrinker, int index)
    {
        if (shrinker.Try(s => { SetDefaultState(s.Machine); s.Steps.RemoveAt(index); }))
            return;

        foreach (var block in Blocks(shrinker.Smallest))
        {
            var pin = new PinnedBlock(block, Isolation.Unmovable);
            if (shrinker.Try(s => { s.Choices.Pinned.Add(pin); s.Steps.RemoveAt(index); }))
                return;
        }
    }

    private static void AddAtBoot(Scenario scenario, int index)
    {
        var step = scenario.Steps[index];
        if (IsAddition(step.Kind) && scenario.Machine.E820.Count == 0)
        {
            scenario.Machine.MemblockCalls.Add(
                new MemblockCall(MemblockCallKind.Add, step.Address, step.Size, step.Nid, 0));
            scenario.Steps.RemoveAt(index);
        }
    }
}
