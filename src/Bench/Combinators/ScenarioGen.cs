// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Fluent;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Bench.Combinators;

/// <summary>
/// The scenarios of ScenarioGenerator as a user of FsCheck would write them: query expressions over Choose, Elements,
/// Frequency and ListOf. A baseline for the generator and nothing else: no search uses it.
/// </summary>
public static class ScenarioGen
{
    /// <summary>Scenarios of the mixed strategy: realistic and free-form ones, half each.</summary>
    public static Gen<Scenario> Mixed { get; } =
        Gen.OneOf(Of(RealisticGen.All, Strategy.Realistic), Of(FreeFormGen.All, Strategy.Adversarial));

    public static IEnumerable<Scenario> Sample(int count, ulong seed) => Mixed.Sample(count, new Rnd(seed), 50);

    private static Gen<Scenario> Of(Gen<Machine> machines, Strategy strategy) =>
        from machine in machines
        from choices in EnvironmentGen.ChoicesFor(machine, strategy)
        from faults in EnvironmentGen.FaultsFor(machine)
        from steps in StepGen.For(machine)
        select Put(machine, choices, faults, steps);

    private static Scenario Put(Machine machine, Choices choices, Faults faults, List<Step> steps)
    {
        var scenario = new Scenario();
        scenario.Machine.CopyFrom(machine);
        scenario.Choices.CopyFrom(choices);
        scenario.Faults.CopyFrom(faults);
        scenario.Steps.AddRange(steps);
        return scenario;
    }
}
