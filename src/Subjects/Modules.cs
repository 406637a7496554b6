// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxModule;

namespace TdxVerify.Subjects;

/// <summary>The TDX module that a scenario meets.</summary>
public static class Modules
{
    /// <summary>A simulated module of a version on the scenario's platform.</summary>
    public static ISeamcall Simulated(Scenario scenario, ModuleProfile profile)
    {
        var module = new SimulatedModule(profile, new ModulePlatform())
        {
            TdmrInitBytes = scenario.Choices.TdmrInitStep,
            NeverAdvances = scenario.Choices.TdmrInitStalls,
        };
        module.Platform.Fill(scenario.Machine, scenario.Choices);
        return new ModuleDispatcher(module);
    }

    /// <summary>A module that accepts everything on the scenario's platform.</summary>
    public static ISeamcall Permissive(Scenario scenario)
    {
        var platform = new ModulePlatform();
        platform.Fill(scenario.Machine, scenario.Choices);
        return new PermissiveModule(platform, scenario.Choices.TdmrInitStep);
    }

    /// <summary>Makes modules that are one and the same, loaded anew for every scenario: module 1.5 unless the
    /// scenario names another.</summary>
    public static Func<Scenario, ISeamcall> Reloaded()
    {
        var platform = new ModulePlatform();
        var module = new ModuleDispatcher(new SimulatedModule(ModuleProfile.V1_5, platform));
        return scenario =>
        {
            var profile = (scenario.Machine.Module is { } version ? ModuleProfile.Of(version) : null)
                ?? ModuleProfile.V1_5;
            platform.Fill(scenario.Machine, scenario.Choices);
            module.Reset(profile, platform, scenario.Choices.TdmrInitStep, scenario.Choices.TdmrInitStalls);
            return module;
        };
    }
}
