// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

public sealed class HostProfileTests
{
    private const ulong NoRbpMod = 1UL << 18;
    private const ulong DynamicPamt = MetadataField.FeatureDynamicPamt;

    [Fact]
    public void MergedIsTheDefault() => Assert.Equal("merged", HostProfile.All[0].Name);

    [Fact]
    public void EveryProfileIsFoundByItsName()
    {
        Assert.All(HostProfile.All, static p => Assert.Same(p, HostProfile.Find(p.Name)));
        Assert.Equal(HostProfile.All.Count, HostProfile.All.Select(static p => p.Name).Distinct().Count());
        Assert.Null(HostProfile.Find("Merged"));
    }

    [Theory]
    [InlineData("6.7", null)]
    [InlineData("6.8", "merged-6.8")]
    [InlineData("6.11.11", "merged-6.8")]
    [InlineData("6.12", "merged")]
    [InlineData("6.13", "sys-info")]
    [InlineData("7.0", "sys-info")]
    [InlineData("7.2.13", "subsys-initcall")]
    [InlineData("7.3-rc2", "subsys-initcall-7.3")]
    [InlineData("8.1", "subsys-initcall-7.3")]
    [InlineData("7", null)]
    [InlineData("7.3foo", null)]
    public void AReleaseNamesTheProfileThatBeginsAtItOrBefore(string release, string? name) => Assert.Equal(name, HostProfile.Find(release)?.Name);

    [Fact]
    public void NewerKernelsNeedNoRbpModBeforeAnythingIsAllocated()
    {
        var run = OneGib().WithCmr(4 * G, 6 * G).RunOn(Module(0xF0EBF & ~NoRbpMod), HostProfile.SubsysInitcall.Policy);
        Assert.Equal(-22, run.Enabled());
        Assert.Equal((0, 1), (run.Trace.Kmallocs, run.Trace.CountOf(KernelLine.NoRbpModMissing)));
        Assert.Equal(TdxModuleStatus.Error, run.Status);
    }

    [Fact]
    public void MergedKernelsDoNotAskForFeatures()
    {
        var run = OneGib().RunOn(Module(0), HostProfile.Merged.Policy);
        Assert.Equal((0, 5), (run.Enabled(), run.Trace.SeamcallsOf(SeamcallLeaf.SysRd)));
    }

    // Features, limits and 3 + 6 fields of TDs; of one leaf of CPUID three more; the version and the bits a page where they are read.
    [Theory]
    [InlineData("merged", "1.5", 0xF0EBF, 5)]
    [InlineData("sys-info", "1.5", 0xF0EBF, 18)]
    [InlineData("subsys-initcall", "1.5", 0xF0EBF, 21)]
    [InlineData("dynamic-pamt", "2.0", 0xF0EBF, 21)]
    [InlineData("dynamic-pamt", "2.0", 0xF0EBF | DynamicPamt, 22)]
    public void NewerKernelsReadMore(string profile, string version, ulong features, int reads)
    {
        var machine = OneGib().WithCmr(0, 6 * G);
        machine.Scenario.Machine.Features0 = features;
        var trace = machine.RunOn(ModuleProfile.All.Single(p => p.Version.ToString() == version), HostProfile.Find(profile)!.Policy).Trace;
        Assert.Equal(Enumerable.Repeat(TdxStatus.Success, reads), trace.Events.Where(static e => e.IsCall(SeamcallLeaf.SysRd)).Select(static e => e.Seamcall.Status));
    }

    [Theory]
    [InlineData(0xF0EBF, 32U, 0, 0)]
    [InlineData(0, 32U, -22, -22)]
    [InlineData(0xF0EBF, 0U, -19, -19)]
    public void InitcallRunsOnce(ulong features, uint keyIds, int first, int second)
    {
        var machine = OneGib();
        machine.Scenario.Machine.KeyIds = new KeyIdPartition(31, keyIds);
        machine.Scenario.Steps.Add(Step.Enable);
        var trace = machine.RunOn(Module(features), HostProfile.SubsysInitcall.Policy).Trace;
        Assert.Equal([first, second], trace.Steps.ToArray().Select(static s => s.Result));
        Assert.Equal(keyIds == 0 ? 1 : 0, trace.CountOf(KernelLine.NoPlatform));
        Assert.Equal(keyIds == 0 ? 0 : 1, trace.SeamcallsOf(SeamcallLeaf.SysInit));
        Assert.DoesNotContain(trace.Events, static e => e.IsLock(HostLock.TdxModule));
    }

    [Theory]
    [InlineData("merged", true)]
    [InlineData("subsys-initcall", false)]
    public void ModuleIsReadInsideOrOutsideTheHotplugLock(string profile, bool isInside)
    {
        var trace = OneGib().RunOn(Module(NoRbpMod), HostProfile.Find(profile)!.Policy).Trace.Events.ToList();
        var locked = trace.FindIndex(static e => e.IsLock(HostLock.MemHotplugRead));
        var read = trace.FindIndex(static e => e.Kind == TraceEventKind.Seamcall && e.Seamcall.Leaf == SeamcallLeaf.SysRd);
        Assert.Equal(isInside, read > locked);
    }

    [Theory]
    [InlineData("merged", true, 1027UL)]
    [InlineData("merged", false, 1027UL)]
    [InlineData("subsys-initcall", true, 1027UL)]
    [InlineData("subsys-initcall", false, 0UL)]
    public void NewerKernelsResetPamtsOnlyWithTheErratum(string profile, bool erratum, ulong pages)
    {
        var machine = OneGib();
        machine.Choices.PartialWriteErratum = erratum;
        machine.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysTdmrInit, 1, 1, TdxStatus.SysBusy));
        var run = machine.RunOn(Module(NoRbpMod), HostProfile.Find(profile)!.Policy);
        Assert.Equal((-5, pages * 4096), (run.Enabled(), run.Trace.ResetBytes));
        Assert.Equal(2, run.Trace.Flushes);
        Assert.Equal(0, run.Environment.Live(AllocationSite.Pamt));
    }

    // A bit a page: 32 KiB a GiB = 8 pages, then 2 and 1 as ever.
    [Theory]
    [InlineData(1UL, 11UL)]
    [InlineData(4UL, 41UL)]
    public void DynamicPamtIsABitmap(ulong gib, ulong pages)
    {
        var run = WithRam((4 * G, (4 + gib) * G, 0)).RunOn(Module(NoRbpMod | DynamicPamt), HostProfile.DynamicPamt.Policy);
        Assert.Equal(pages, Assert.Single(run.Trace.Allocations(AllocationSite.Pamt)).Allocation.Amount);
    }

    [Theory]
    [InlineData("dynamic-pamt", NoRbpMod | DynamicPamt, 0x10020UL)]
    [InlineData("dynamic-pamt", NoRbpMod, 0x20UL)]
    [InlineData("subsys-initcall", NoRbpMod | DynamicPamt, 0x20UL)]
    public void OnlyDynamicPamtSetsTheFlagOfConfig(string profile, ulong features, ulong operand)
    {
        var module = new WritingModule(Module(features));
        OneGib().RunOn(module, HostProfile.Find(profile)!.Policy);
        Assert.Equal(operand, Assert.Single(module.Calls, static c => c.Leaf == SeamcallLeaf.SysConfig).Operands.R8);
    }

    /*
     *  RAM  |##..##..##|   16 islands in the GiB: 17 holes
     *  CMR  |##########|   none
     */
    [Theory]
    [InlineData("merged", -28)]
    [InlineData("cmr-holes", 0)]
    [InlineData("cmr-holes-v8.2", 0)]
    public void HolesOfCmrsSaveReservedAreas(string profile, int errno)
    {
        var islands = Enumerable.Range(1, 16).Select(static i => ((4 * G) + ((ulong)i * 32 * M), (4 * G) + ((ulong)i * 32 * M) + (16 * M), 0)).ToArray();
        var run = WithRam(islands).WithCmr(4 * G, 5 * G).WithPamts(PamtPlacement.FirstFit).RunOn(ModuleProfile.V1_5, HostProfile.Find(profile)!.Policy);
        Assert.Equal(errno, run.Enabled());
    }

    [Fact]
    public void HolesBetweenCmrsAreReserved()
    {
        var run = WithRam((4 * G, 4 * G + (256 * M), 0), (4 * G + (512 * M), 5 * G, 0)).WithCmr(4 * G, 4 * G + (300 * M)).WithCmr(4 * G + (400 * M), 5 * G)
            .WithPamtsAt(((4 * G) + (600 * M)) / 4096).RunOn(ModuleProfile.V1_5, HostProfile.CmrHoles.Policy);
        Assert.Equal(0, run.Enabled());
        Assert.Equal(
            [new ReservedArea(300 * M, 100 * M, ReservedKind.Hole), new ReservedArea(600 * M, 1027 * 4096, ReservedKind.Pamt)],
            run.Tdmrs.Tdmrs[0].Reserved);
    }

    // The module joins touching CMRs, patch v8.2 does not.
    [Theory]
    [InlineData("merged", 0)]
    [InlineData("cmr-holes", 0)]
    [InlineData("cmr-holes-v8.2", -22)]
    public void EntryAcrossTouchingCmrs(string profile, int errno)
    {
        var run = WithRam((4 * G, 6 * G, 0)).WithCmr(4 * G, 5 * G).WithCmr(5 * G, 6 * G).WithPamts(PamtPlacement.FirstFit)
            .RunOn(ModuleProfile.V1_5, HostProfile.Find(profile)!.Policy);
        Assert.Equal(errno, run.Enabled());
        Assert.Equal(errno == 0 ? 0 : 1, run.Trace.CountOf(KernelLine.MemoryNotInCmr));
    }

    [Fact]
    public void OffTreeKernelsReadCmrsWithOneSysInfo()
    {
        var run = OneGib().WithCmr(4 * G, 6 * G).WithPamts(PamtPlacement.FirstFit).RunOn(ModuleProfile.V1_5, HostProfile.CmrHoles.Policy);
        Assert.Equal((0, 1, 5), (run.Enabled(), run.Trace.SeamcallsOf(SeamcallLeaf.SysInfo), run.Trace.SeamcallsOf(SeamcallLeaf.SysRd)));
    }

    // 5 limits, NUM_CMRS, and base and size of all 32 slots.
    [Fact]
    public void PatchV82ReadsEverySlot()
    {
        var run = OneGib().WithCmr(4 * G, 6 * G).WithPamts(PamtPlacement.FirstFit).RunOn(ModuleProfile.V1_5, HostProfile.CmrHolesV82.Policy);
        Assert.Equal((0, 70), (run.Enabled(), run.Trace.SeamcallsOf(SeamcallLeaf.SysRd)));
    }

    // Memblock is rounded to pages, CMRs are taken as they are.
    [Fact]
    public void AHoleOfCmrsThatIsNotWholePagesIsRefused()
    {
        var run = WithRam((4 * G, 5 * G, 0)).WithCmr(4 * G, (5 * G) - 0x800).WithPamts(PamtPlacement.FirstFit).Run(HostProfile.CmrHoles.Policy);
        Assert.Equal(-22, run.Enabled());
        Assert.Equal(1, run.Trace.Events.Count(static e => e.Kind == TraceEventKind.Warn));
    }

    private static TestMachine OneGib() => WithRam((4 * G, 5 * G, 0));

    private static FeatureModule Module(ulong features) => new(features);

    /// <summary>A permissive module with a TDX_FEATURES0.</summary>
    private sealed class FeatureModule(ulong features) : ISeamcall
    {
        private readonly PermissiveModule _inner = new(new ModulePlatform(), 0);

        public ulong Call(int lp, ulong rax, ref SeamcallRegisters registers, IHostMemory memory)
        {
            if (rax == SeamcallLeaf.SysRd && registers.Rdx == MetadataField.Features0)
            {
                registers = registers with { R8 = features };
                return TdxStatus.Success;
            }

            return _inner.Call(lp, rax, ref registers, memory);
        }
    }

    [Fact]
    public void ProfilesDifferFromTheMergedKernelInWhatTheyAreNamedAfter()
    {
        Assert.Equal(
            [
                "merged", "merged-6.8", "sys-info", "subsys-initcall", "subsys-initcall-7.3", "dynamic-pamt", "cmr-holes",
                "cmr-holes-v8.2",
            ],
            HostProfile.All.Select(static p => p.Name));
        Assert.All(HostProfile.All, static p => Assert.NotEmpty(p.Summary));
        Assert.Equal(
            [
                "- - - - -", "- - - - -", "early - - rbp -", "early list says rbp -", "early list says rbp -",
                "early list says rbp dynamic", "- - - - -", "early - - - -",
            ],
            HostProfile.All.Select(static p => string.Join(
                ' ',
                p.Policy.ReadsModuleFirst ? "early" : "-",
                p.Policy.BuildsListDuringBoot ? "list" : "-",
                p.Policy.Messages >= new Version(7, 1) ? "says" : "-",
                p.Policy.RequiresNoRbpMod ? "rbp" : "-",
                p.Policy.DynamicPamt ? "dynamic" : "-")));
        Assert.Equal(
            [false, false, false, false, false, false, false, true],
            HostProfile.All.Select(static p => p.Policy.RequiresSingleCmr));
    }
}
