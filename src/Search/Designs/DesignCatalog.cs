// SPDX-License-Identifier: MIT

using TdxVerify.Model;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Search.Designs;

/// <summary>The designs of the mailing-list threads, as policies.</summary>
public static class DesignCatalog
{
    private static readonly KernelPolicy Together =
        KernelPolicy.Merged with { OnlineTest = OnlineTest.Anything };

    /// <summary>The list; what is merged comes first.</summary>
    public static IReadOnlyList<Design> All { get; } =
    [
        new("as-merged", "the list is built from memblock when TDX is first used; a block must lie in one entry",
            "mainline 6.8 to 6.12", KernelPolicy.Merged),
        new("boot-list", "the list is built once at boot and believed later",
            "David Hildenbrand, review of v12, 2023-07-11", Boot(ListCheck.None)),
        new("boot-list-memblock", "the list is built once at boot and compared with memblock when TDX is first used",
            "mail: boot list, checked", Boot(ListCheck.Memblock)),
        new("boot-list-blocks",
            "the list is built once at boot and compared with online memory blocks when TDX is first used",
            "mail: boot list, checked", Boot(ListCheck.OnlineBlocks)),
        new("subsys-initcall", "TDX is initialised during boot, before any memory can be added", "mainline 2026",
            HostProfile.SubsysInitcall.Policy),
        new("online-blocks", "the list is built from memory blocks that are online when TDX is first used",
            "mail: a snapshot of what the page allocator has",
            KernelPolicy.Merged with { Source = ListSource.OnlineBlocks }),
        new("check-additions", "memory is checked as a whole when it is added, and not when it comes online",
            "mail: reject at add_memory()", Together with { ChecksAdditions = true }),
        new("joined-entries", "as 7.3, but ranges of one node that touch are one entry, whatever their flags",
            "nobody has proposed it: a cure for what a kexec handover or kernelcore=mirror cuts",
            HostProfile.SubsysInitcall73.Policy with { JoinsFlags = true }),
        new("initcall-7.3",
            "what 7.3 does: a kexec handover cuts memory, updates of the module, the end of the kernel",
            "mainline 7.3", HostProfile.SubsysInitcall73.Policy),
        new("scratch-cleared", "as 7.3, but no memory is KHO_SCRATCH once boot is over",
            "nobody has proposed it: another cure for what a kexec handover cuts",
            HostProfile.SubsysInitcall73.Policy with { ClearsKhoScratch = true }),
        new("update-all-cpus", "as 7.3, but an update of the module with a CPU offline is -EBUSY",
            "patches v2 to v4 of the update series", HostProfile.SubsysInitcall73.Policy with
            {
                UpdatesWithAllCpusOnly = true,
            }),
        new("retries", "as 7.3, but every status that means \"again\" is met up to ten times in a row",
            "nobody has proposed it: a cure for retryable-latches and update-status-latches",
            HostProfile.SubsysInitcall73.Policy with { RepeatsTransients = true }),
        new("union", "a block may lie across entries that touch", "mail: adjacent entries",
            KernelPolicy.Merged with { OnlineTest = OnlineTest.InUnion }),
        new("cmr-holes-v8.2", "holes come from CMRs, every entry must lie in one CMR", "patch v8.2, 2024-12-09",
            HostProfile.CmrHolesV82.Policy),
        new("cmr-holes", "holes come from CMRs, nobody asks whether entries lie in them", "distribution kernels",
            HostProfile.CmrHoles.Policy),
        new("together", "any memory may come online; guests' memory policies are not looked at",
            "mail: TDX-capable and other nodes together", Together),
        new("together-narrows",
            "any memory may come online; the kernel ANDs guests' memory policies with TDX-capable nodes, and KVM "
                + "refuses a guest with a message when none is left",
            "Kai Huang, mail: TDX-capable and other nodes together", Policies(PolicyTreatment.Narrows)),
        new("together-enomem", "any memory may come online; a guest's page outside TDX-capable nodes is -ENOMEM",
            "mail: TDX-capable and other nodes together", Policies(PolicyTreatment.NoMemory)),
        new("together-refuses", "any memory may come online; policies with other nodes are refused with a message",
            "mail: TDX-capable and other nodes together", Policies(PolicyTreatment.Refuses)),
    ];

    /// <summary>The design of that name, or null.</summary>
    public static Design? Find(string name) => All.FirstOrDefault(d => d.Name == name);

    private static KernelPolicy Boot(ListCheck check) =>
        KernelPolicy.Merged with { Source = ListSource.Boot, Check = check };
    private static KernelPolicy Policies(PolicyTreatment treatment) =>
        Together with { GuestPolicies = treatment };
}
