// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Model;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Diagnosis;

/// <summary>Finds what would help a machine that fails.</summary>
internal static class Remedies
{
    /// <summary>COMMAND_LINE_SIZE is 2048, and a command line has other words, too.</summary>
    private const int LongestParameter = 1800;

    public static IReadOnlyList<Remedy> Find(CompletedScenario completed, Prediction prediction)
    {
        if (completed.Source == MemorySource.Nothing
            && completed.Scenario.Observed.Reason?.Line == KernelLine.ReservedAreasExhausted)
        {
            return [new Remedy(
                RemedyKind.Kernel,
                $"perhaps a kernel that takes holes from CMRs: {HostProfile.CmrHoles.Summary}; not tried, the log "
                    + $"has no memory map", null, [])];
        }

        if (prediction.Succeeds || prediction.Unknown is not null)
            return [];

        var remedies = new List<Remedy>();
        if (OfModule(prediction) is { } firmware)
        {
            remedies.Add(firmware);
        }
        else if (completed.Source != MemorySource.Nothing)
        {
            if (prediction.Errno == -Errno.Enospc)
                AddKernels(remedies, completed.Scenario, prediction);

            AddMemory(remedies, completed.Scenario, prediction);
        }

        return remedies;
    }

    private static Remedy? OfModule(Prediction prediction)
    {
        var isTooOld = prediction.Find(KernelLine.SeamcallFailed) is { Log.First: SeamcallLeaf.SysRd }
            && prediction.Module == ModuleVersion.V1_0;
        return isTooOld
            ? new Remedy(
                RemedyKind.Firmware,
                "a TDX module 1.5 or newer, usually with a BIOS update: this kernel reads the module with TDH.SYS.RD",
                null, [])
            : null;
    }

    private static void AddKernels(List<Remedy> remedies, Scenario scenario, Prediction prediction)
    {
        var memory = RangeSet.Of(prediction.Memlist.Select(static e => e.Bytes));
        var isConvertible = memory.FirstOutside(scenario.Machine.ConvertibleMemory()).IsEmpty;
        foreach (
            var profile in HostProfile.All.Where(p => p.Policy.Holes == HoleSource.Cmrs && p != prediction.Profile))
        {
            // Such a kernel initialises with RAM outside CMRs, too: it hides that RAM in a hole and still hands it to
            // guests.
            if (!isConvertible && !profile.Policy.RequiresSingleCmr)
                continue;

            var other = Predictor.Predict(scenario, profile);
            if (other.Succeeds)
            {
                remedies.Add(new Remedy(
                    RemedyKind.Kernel,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"a kernel that takes holes from CMRs: {profile.Summary}; TDX then initialises with "
                            + $"{other.PamtKb} KB of PAMT"),
                    null,
                    []));
                return;
            }
        }
    }

    private static void AddMemory(List<Remedy> remedies, Scenario scenario, Prediction prediction)
    {
        if (new MemorySacrifice(scenario, prediction.Profile).Search(prediction) is not { Count: > 0 } given)
            return;

        var kib = RangeSet.TotalBytes(given) / Sizes.Kib;
        var parameter = MemorySacrifice.Parameter(given);
        if (parameter.Length > LongestParameter)
            return;

        remedies.Add(new Remedy(
            RemedyKind.GiveUpMemory,
            string.Create(
                CultureInfo.InvariantCulture,
                $"give up {kib} KB of memory: boot with {parameter} (a boot loader may want \\$ for $)"),
            parameter,
            given));
    }
}
