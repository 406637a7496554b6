// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.RegularExpressions;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Diagnosis;

/// <summary>Chooses the kernel's rules by what a log says of the kernel.</summary>
public static partial class ProfileChoice
{
    /// <summary>The last Ubuntu 24.04 -intel kernel that was seen to fail for holes (canonical/tdx issue 135); later
    /// ones carry the CMR patch.</summary>
    private const int LastWithMemblockHoles = 1004;

    /// <summary>The profile, and why.</summary>
    public static (HostProfile Profile, string Why) Of(Scenario scenario)
    {
        if (scenario.Profile is { } name && HostProfile.Find(name) is { } named)
            return (named, "named in the scenario");

        if (scenario.Observed.DynamicPamt)
            return (HostProfile.DynamicPamt, "the log says \"Enable Dynamic PAMT\"");

        var release = scenario.Machine.KernelRelease;
        var mainline = HostProfile.OfRelease(release ?? "");
        if (scenario.Observed.SubsysInitcallWording)
        {
            return mainline is { Policy.BuildsListDuringBoot: true }
                ? (mainline, $"by its release {release}")
                : (HostProfile.SubsysInitcall, "the log says \"TDX-Module\"");
        }

        if (scenario.Observed.Reason?.Line != KernelLine.ReservedAreasExhausted && TakesHolesFromCmrs(release))
            return (HostProfile.CmrHoles, $"by its release {release}");

        return mainline is not null
            ? (mainline, $"by its release {release}")
            : (HostProfile.Merged, "the log names no other rules");
    }

    private static bool TakesHolesFromCmrs(string? release) =>
        NobleIntel().Match(release ?? "") is { Success: true } match
        && int.Parse(
            match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) > LastWithMemblockHoles;

    /// <summary>"6.8.0-1028-intel".</summary>
    [GeneratedRegex(@"^6\.8\.0-([0-9]{1,9})-intel$")]
    private static partial Regex NobleIntel();
}
