// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>A kernel that people run, as the rules it follows.</summary>
/// <param name="Name">How the command line names it.</param>
/// <param name="Summary">Which kernels it stands for.</param>
/// <param name="Rules">What they do.</param>
public sealed record HostProfile(string Name, string Summary, HostRules Rules)
{
    /// <summary>Mainline 6.8 to 6.12: holes from memblock, list built when TDX is first used.</summary>
    public static HostProfile Merged { get; } = new("merged", "mainline 6.8 to 6.12: holes from memblock", HostRules.Merged);

    /// <summary>Mainline with get_tdx_sys_info(), before the initcall.</summary>
    public static HostProfile SysInfo { get; } = new(
        "sys-info",
        "mainline after 6.12 and before the initcall: holes from memblock, all module information read first",
        HostRules.Merged with
        {
            ReadsModuleFirst = true,
            Metadata = MetadataReading.All,
            RequiresNoRbpMod = true,
            Reset = PamtReset.OnErratum,
        });

    /// <summary>Mainline with tdx_enable() as a subsys_initcall.</summary>
    public static HostProfile SubsysInitcall { get; } = new(
        "subsys-initcall",
        "mainline with tdx_enable() as a subsys_initcall (2026): holes from memblock, list built during boot",
        SysInfo.Rules with { BuildsListDuringBoot = true, SaysTdxModule = true, Metadata = MetadataReading.AllAndVersion });

    /// <summary>The Dynamic PAMT series on top of it.</summary>
    public static HostProfile DynamicPamt { get; } = new(
        "dynamic-pamt",
        "the Dynamic PAMT series (2025-2026): the 4K PAMT is a bitmap",
        SubsysInitcall.Rules with { DynamicPamt = true });

    /// <summary>Ubuntu's later -intel kernels: holes from CMRs.</summary>
    public static HostProfile CmrHoles { get; } = new(
        "cmr-holes",
        "distribution kernels with the CMR patch (Ubuntu 24.04 -intel after 6.8.0-1004)",
        HostRules.Merged with { Holes = HoleSource.Cmrs, CmrReading = CmrReading.SysInfo });

    /// <summary>The posted patch, version 8.2.</summary>
    public static HostProfile CmrHolesV82 { get; } = new(
        "cmr-holes-v8.2",
        "the posted patch v8.2 (2024-12-09): holes from CMRs, every memory range must be in a single CMR",
        HostRules.Merged with
        {
            Holes = HoleSource.Cmrs,
            CmrReading = CmrReading.SysRd,
            RequiresSingleCmr = true,
            ReadsModuleFirst = true,
        });

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<HostProfile> All { get; } = [Merged, SysInfo, SubsysInitcall, DynamicPamt, CmrHoles, CmrHolesV82];

    /// <summary>The profile of that name, or null.</summary>
    public static HostProfile? Find(string name) => All.FirstOrDefault(p => p.Name == name);
}
