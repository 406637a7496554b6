// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxModule;

namespace TdxVerify.Subjects;

/// <summary>The only step loop: boots a host and takes the steps of a scenario on it.</summary>
public sealed class SubjectDriver(IHost host)
{
    public IHost Host => host;

    /// <summary>Boots the machine and takes every step.</summary>
    /// <returns>The host's trace, good until the next run.</returns>
    public Trace Run(Scenario scenario)
    {
        var isAlive = Boot(scenario);
        for (var i = 0; i < scenario.Steps.Count && isAlive; i++)
            isAlive = Take(scenario.Steps[i]);

        return host.Trace;
    }

    /// <summary>Boots the machine.</summary>
    /// <returns>False when the trace ends there.</returns>
    public bool Boot(Scenario scenario)
    {
        host.Trace.Clear();
        host.Trace.Observes = host.Observes;
        try
        {
            host.Boot(scenario);
        }
        catch (UnknownModuleRuleException unknown)
        {
            host.Trace.Unknown = unknown.Message;
        }

        return !host.Trace.HasEnded && Capture(host.Trace.EndBoot());
    }

    /// <summary>Takes one step.</summary>
    /// <returns>False when the trace ends with it.</returns>
    public bool Take(in Step step)
    {
        int? result = null;
        try
        {
            result = Do(step);
        }
        catch (UnknownModuleRuleException unknown)
        {
            host.Trace.Unknown = unknown.Message;
        }

        if (host.Trace.HasEnded)
            return false;

        if (result is not { } taken)
        {
            host.Trace.Skip(step);
            return true;
        }

        if (step.Kind is StepKind.GoingOnline or StepKind.MachineCheck)
        {
            host.Trace.EndStepWithoutChange(step, taken);
            return true;
        }

        return Capture(host.Trace.EndStep(step, taken)) && !step.IsLast;
    }

    private int? Do(in Step step) => step.IsOfLife ? host.Live(step) : step.Kind switch
    {
        StepKind.EnableTdx => host.Enable(),
        StepKind.AddMemory => host.AddMemory(step),
        StepKind.GoingOnline => host.GoingOnline(step.Pfn, step.Count),
        StepKind.MachineCheck => host.MachineCheck(step.Address),
        _ => host.Hotplug(step),
    };

    private bool Capture(Snapshot snapshot)
    {
        host.Capture(snapshot);
        if (host.Trace.HasCrashed)
            host.Trace.ForgetState();

        return !host.Trace.HasEnded;
    }
}
