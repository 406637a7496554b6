// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>
/// Every sequence of five steps over four blocks of boot memory on two nodes, one DIMM and tdx_enable(), by number;
/// shorter ones are their beginnings. Block 0 has the hole of firmware:
///
///     0   1M   128M    256M  node 0 | node 1  384M     512M         4G
///     #.  ######.######.#############.############.###########      DIMM
/// </summary>
public static class ShortSequences
{
    /// <summary>Steps of a sequence.</summary>
    public const int Depth = 5;

    private const ulong Block = SequenceMachines.Block;
    private const ulong LowRamEnd = 0x9f000;

    private static readonly Step[] Alphabet = [.. Steps()];

    public static ulong Total { get; } = (ulong)Math.Pow(Alphabet.Length, Depth);

    /// <summary>Refills a scenario with a sequence.</summary>
    public static void Fill(Scenario scenario, ulong index)
    {
        scenario.Clear();
        var machine = scenario.Machine;
        machine.E820.Add(new E820Entry(0, LowRamEnd, E820Type.Ram));
        machine.E820.Add(new E820Entry(Sizes.Mib, (4 * Block) - Sizes.Mib, E820Type.Ram));
        machine.Srat.Add(new SratEntry(0, 0, 0, 2 * Block, false, false));
        machine.Srat.Add(new SratEntry(1, 1, 2 * Block, 4 * Block, false, false));
        machine.Cmrs.Add(new Cmr(Sizes.Mib, (4 * Block) - Sizes.Mib));
        machine.Cmrs.Add(new Cmr(Sizes.Gib4, Block));
        machine.KeyIds = KeyIdPartition.Usual;
        scenario.Choices.TdmrInitStep = 0;
        for (var i = 0; i < Depth; i++)
        {
            scenario.Steps.Add(Alphabet[(int)(index % (ulong)Alphabet.Length)]);
            index /= (ulong)Alphabet.Length;
        }

        // Without a step on blocks there would be none to judge.
        if (!scenario.HasHotplug)
            scenario.Steps.Add(Step.Offline(0));
    }

    private static IEnumerable<Step> Steps()
    {
        yield return Step.Enable;
        yield return Step.OnMemory(StepKind.PlugDimm, Sizes.Gib4, Block, 1);
        yield return Step.At(StepKind.UnplugDimm, Sizes.Gib4);
        foreach (var at in (ulong[])[0, Block, 2 * Block, 3 * Block, Sizes.Gib4])
        {
            yield return Step.Offline(at);
            yield return Step.Online(at, OnlineType.OnlineKernel);
            yield return Step.Online(at, OnlineType.OnlineMovable);
        }
    }
}
