// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Diagnosis;

/// <summary>Chooses the kernel's rules by what a log says of the kernel.</summary>
public static class ProfileChoice
{
    /// <summary>The profile, and why.</summary>
    public static (HostProfile Profile, string Why) Of(Scenario scenario)
    {
        if (scenario.Profile is { } name && HostProfile.Find(name) is { } named)
        {
            return (named, "named in the scenario");
        }

        if (scenario.Observed.DynamicPamt)
        {
            return (HostProfile.DynamicPamt, "the log says \"Enable Dynamic PAMT\"");
        }

        if (scenario.Observed.SubsysInitcallWording)
        {
            return (HostProfile.SubsysInitcall, "the log says \"TDX-Module\"");
        }

        return (HostProfile.Merged, "the log names no other rules");
    }
}
