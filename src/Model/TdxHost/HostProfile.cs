// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.RegularExpressions;

namespace TdxVerify.Model.TdxHost;

/// <summary>A kernel that people run, as the policy it follows.</summary>
/// <param name="Name">How the command line names it.</param>
public sealed partial record HostProfile(string Name, string Summary, KernelPolicy Policy)
{
    /// <summary>The mainline release that it begins with, or null: it is none of mainline.</summary>
    public Version? Since { get; init; }

    /// <summary>Mainline 6.12: holes from memblock, list built when TDX is first used.</summary>
    public static HostProfile Merged { get; } =
        new("merged", "mainline 6.12: holes from memblock", KernelPolicy.Merged) { Since = new(6, 12) };

    /// <summary>Mainline 6.8 to 6.11.</summary>
    public static HostProfile Merged68 { get; } = new(
        "merged-6.8",
        "mainline 6.8 to 6.11: holes from memblock",
        KernelPolicy.Merged with { NodesStartAtZero = true })
    {
        Since = new(6, 8),
    };

    /// <summary>Mainline with get_tdx_sys_info(), before the initcall.</summary>
    public static HostProfile SysInfo { get; } = new(
        "sys-info",
        "mainline 6.13 to 7.0: holes from memblock, all module information read first",
        KernelPolicy.Merged with
        {
            ReadsModuleFirst = true,
            Metadata = MetadataReading.All,
            RequiresNoRbpMod = true,
            Reset = PamtReset.OnErratum,
        })
    {
        Since = new(6, 13),
    };

    /// <summary>Mainline with tdx_enable() as a subsys_initcall.</summary>
    public static HostProfile SubsysInitcall { get; } = new(
        "subsys-initcall",
        "mainline 7.1 and 7.2: holes from memblock, list built during boot by a subsys_initcall",
        SysInfo.Policy with
        {
            BuildsListDuringBoot = true,
            Messages = new(7, 1),
            Metadata = MetadataReading.AllAndVersion,
            TakesOneEntryMap = true,
            LinksBlocksByRegion = true,
            NotifiesNodes = true,
            MarksReservations = true,
            HasSixActions = true,
            GuestMemfdHasPolicy = true,
        })
    {
        Since = new(7, 1),
    };

    /// <summary>Mainline that a kexec handover may give a memblock cut at every GiB.</summary>
    public static HostProfile SubsysInitcall73 { get; } = new(
        "subsys-initcall-7.3",
        "mainline 7.3: as 7.1; a kexec handover marks memory by the GiB, mirrored memory ends zones",
        SubsysInitcall.Policy with
        {
            RejectsBadNode = true,
            ExtendsKhoScratch = true,
            EndsZonesAtMovable = true,
            IgnoresFailedRemoval = true,
        })
    {
        Since = new(7, 3),
    };

    /// <summary>The Dynamic PAMT series on top of it.</summary>
    public static HostProfile DynamicPamt { get; } = new(
        "dynamic-pamt",
        "the Dynamic PAMT series (2025-2026): the 4K PAMT is a bitmap",
        SubsysInitcall.Policy with { DynamicPamt = true });

    /// <summary>Ubuntu's later -intel kernels: holes from CMRs.</summary>
    public static HostProfile CmrHoles { get; } = new(
        "cmr-holes",
        "distribution kernels with the CMR patch (Ubuntu 24.04 -intel after 6.8.0-1004)",
        Merged68.Policy with { Holes = HoleSource.Cmrs, CmrReading = CmrReading.SysInfo });

    /// <summary>The posted patch, version 8.2.</summary>
    public static HostProfile CmrHolesV82 { get; } = new(
        "cmr-holes-v8.2",
        "the posted patch v8.2 (2024-12-09): holes from CMRs, every memory range must be in a single CMR",
        KernelPolicy.Merged with
        {
            Holes = HoleSource.Cmrs,
            CmrReading = CmrReading.SysRd,
            RequiresSingleCmr = true,
            ReadsModuleFirst = true,
        });

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<HostProfile> All { get; } =
        [Merged, Merged68, SysInfo, SubsysInitcall, SubsysInitcall73, DynamicPamt, CmrHoles, CmrHolesV82];

    /// <summary>The profile of that name, or of that mainline release ("7.3", "7.1.3"), or null.</summary>
    public static HostProfile? Find(string name) =>
        All.FirstOrDefault(p => p.Name == name) ?? (ReleaseName().IsMatch(name) ? OfRelease(name) : null);

    /// <summary>The profile of the mainline release that a release string begins with ("6.18.2-1-generic"); null
    /// before 6.8 and where it begins with none.</summary>
    public static HostProfile? OfRelease(string release)
    {
        var numbers = release.Split('.', 3);
        return numbers.Length >= 2 && TryRead(numbers[0], out var major) && TryRead(numbers[1], out var minor)
            ? All.Where(p => p.Since is { } since && since <= new Version(major, minor)).MaxBy(static p => p.Since)
            : null;
    }

    [GeneratedRegex(@"^\d+\.\d+(\.\d+)?(-rc\d+)?\z")]
    private static partial Regex ReleaseName();

    private static bool TryRead(string text, out int number)
    {
        var digits =
            text.AsSpan(0, text.AsSpan().IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
