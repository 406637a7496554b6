// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.Platform;
using TdxVerify.Model.Seamcall;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;
using TdxVerify.Subjects.Pamts;

namespace TdxVerify.Subjects;

/// <summary>The C# model as a subject.</summary>
/// <param name="rules">What the host code does.</param>
/// <param name="module">Makes the module of a scenario.</param>
public sealed class ReferenceSubject(HostRules rules, Func<Scenario, ISeamcall> module) : ISubject
{
    /// <inheritdoc/>
    public string Name => "reference";

    /// <summary>A simulated module of a version on the scenario's platform.</summary>
    public static ISeamcall SimulatedModuleOf(Scenario scenario, ModuleProfile profile)
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
    public static ISeamcall PermissiveModuleOf(Scenario scenario)
    {
        var platform = new ModulePlatform();
        platform.Fill(scenario.Machine, scenario.Choices);
        return new PermissiveModule(platform, scenario.Choices.TdmrInitStep);
    }

    /// <inheritdoc/>
    public SubjectRun Run(Scenario scenario)
    {
        var memblock = new MemblockTable();
        var boot = BootFlow.Run(scenario.Machine, memblock);
        var trace = new Trace();
        var pages = new PamtPages();
        pages.Reset(scenario.Choices, memblock);
        var environment = new HostEnvironment(scenario.Faults, scenario.Choices, pages, trace);
        var host = new HostCode(environment, rules, module(scenario));
        var builtMemlist = BuildAlone(memblock);
        var results = new List<StepResult>(scenario.Steps.Count);
        string? unknown = null;
        try
        {
            host.Init(scenario.Machine.KeyIds ?? KeyIdPartition.Usual);
            foreach (var step in scenario.Steps)
            {
                if (step.Kind == StepKind.EnableTdx && host.Status == TdxModuleStatus.Uninitialized)
                {
                    builtMemlist = BuildAlone(memblock);
                }

                results.Add(new StepResult(step, Take(step, host, memblock, scenario.Choices)));
            }
        }
        catch (UnknownModuleRuleException unknownRule)
        {
            unknown = unknownRule.Message;
        }

        return new SubjectRun
        {
            Boot = boot,
            Memblock = memblock,
            Steps = results,
            BuiltMemlist = builtMemlist,
            Memlist = host.Memlist.Entries,
            Tdmrs = host.TdmrList,
            Status = host.Status,
            UsesDynamicPamt = host.UsesDynamicPamt,
            Trace = trace,
            Environment = environment,
            Unknown = unknown,
        };
    }

    private static IReadOnlyList<PfnRange> BuildAlone(MemblockTable memblock)
    {
        var environment = new HostEnvironment(new Faults(), new Choices(), new PamtPages(), new Trace());
        var memlist = new Memlist(environment);
        memlist.Build(memblock);
        return memlist.Entries;
    }

    private static int Take(Step step, HostCode host, MemblockTable memblock, Choices choices) => step.Kind switch
    {
        StepKind.EnableTdx => Enable(host, memblock, choices),
        StepKind.AddMemory => (int)memblock.AddNode(step.Address, step.Size, step.Nid, MemblockFlags.None),
        StepKind.GoingOnline => host.Notifier.GoingOnline(step.Address, step.Size),
        _ => host.IsPrivateAtMachineCheck(step.Address) ? 1 : 0,
    };

    /// <summary>What KVM does: every online CPU first, then the module.</summary>
    private static int Enable(HostCode host, MemblockTable memblock, Choices choices)
    {
        for (var lp = 0; lp < choices.Cpus; lp++)
        {
            var error = host.CpuEnable(lp);
            if (error != 0)
            {
                return error;
            }
        }

        return host.Enable(memblock);
    }
}
