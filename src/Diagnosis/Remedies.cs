// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Platform;
using TdxVerify.Model.Seamcall;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Diagnosis;

/// <summary>Finds what would help a machine that fails.</summary>
internal static class Remedies
{
    /// <summary>The remedies, the cheapest first.</summary>
    public static IReadOnlyList<Remedy> Find(CompletedScenario completed, Fate fate)
    {
        if (fate.Succeeds || fate.Unknown is not null)
        {
            return [];
        }

        var remedies = new List<Remedy>();
        if (OfModule(fate) is { } firmware)
        {
            remedies.Add(firmware);
        }
        else if (completed.Source != MemorySource.Nothing)
        {
            // With RAM outside CMRs such a kernel would initialise, too, but hide that RAM in a hole and still hand it to guests.
            if (fate.Errno == -Errno.Enospc)
            {
                AddKernels(remedies, completed.Scenario, fate);
            }

            AddMemory(remedies, completed.Scenario, fate);
        }

        return remedies;
    }

    private static Remedy? OfModule(Fate fate)
    {
        var isTooOld = fate.Find(KernelLine.SeamcallFailed) is { B: SeamcallLeaf.SysRd } && fate.Module == ModuleVersion.V1_0;
        return isTooOld ? new Remedy(RemedyKind.Firmware, "a TDX module 1.5 or newer, usually with a BIOS update: this kernel reads the module with TDH.SYS.RD", null, []) : null;
    }

    private static void AddKernels(List<Remedy> remedies, Scenario scenario, Fate fate)
    {
        foreach (var profile in HostProfile.All.Where(p => p.Rules.Holes == HoleSource.Cmrs && p != fate.Profile))
        {
            var other = FatePrediction.Predict(scenario, profile);
            if (other.Succeeds)
            {
                remedies.Add(new Remedy(
                    RemedyKind.Kernel,
                    string.Create(CultureInfo.InvariantCulture, $"a kernel that takes holes from CMRs: {profile.Summary}; TDX then initialises with {other.PamtKb} KB of PAMT"),
                    null,
                    []));
                return;
            }
        }
    }

    private static void AddMemory(List<Remedy> remedies, Scenario scenario, Fate fate)
    {
        if (new MemoryGiver(scenario, fate.Profile).Search(fate) is not { Count: > 0 } given)
        {
            return;
        }

        var kib = RangeSets.TotalBytes(given) / Sizes.Kib;
        var parameter = MemoryGiver.Parameter(given);
        remedies.Add(new Remedy(
            RemedyKind.GiveUpMemory,
            string.Create(CultureInfo.InvariantCulture, $"give up {kib} KB of memory: boot with {parameter} (a boot loader may want \\$ for $)"),
            parameter,
            given));
    }
}
