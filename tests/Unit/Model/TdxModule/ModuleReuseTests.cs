// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxModule;
using TdxVerify.Subjects;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxModule;

/// <summary>One module, loaded again and again.</summary>
public sealed class ModuleReuseTests
{
    private const int Boots = 1000;
    private const int Tdmrs = 4;

    private readonly MemoryImage _memory = new();
    private readonly ModulePlatform _platform = new();

    [Fact]
    public void AThousandBootsAllocateNothing()
    {
        var machine = MachineWith(new Cmr(4 * G, 124 * G));
        var choices = new Choices { Cpus = 130, CpusPerPackage = 65, TdmrInitStep = 256 * M };
        var module = new ModuleDispatcher(new SimulatedModule(ModuleProfile.V1_5, _platform));
        Place(static tdmr => tdmr.SetReserved(0, 16 * M, M));
        Assert.Equal(0, AllocatedBy(() =>
        {
            _platform.Fill(machine, choices);
            module.Reset(ModuleProfile.V1_5, _platform, choices.TdmrInitStep);
            return BootToReady(module, choices);
        }));
        Assert.Equal(ModuleState.SysReady, module.Module.State);
    }

    [Fact]
    public void AThousandFailedConfigsAllocateNothing()
    {
        var machine = MachineWith(new Cmr(4 * G, 124 * G));
        var choices = new Choices();
        var module = new SimulatedModule(ModuleProfile.V1_0, _platform);
        Place(static tdmr => tdmr.SetPamt(PamtLevel.Level2M, 5 * G, 8 * K));
        Assert.Equal(0, AllocatedBy(() =>
        {
            _platform.Fill(machine, choices);
            module.Reset(ModuleProfile.V1_0, _platform);
            var status = module.SysInit(0) | module.SysLpInit(0);
            return status | (module.SysConfig(ModuleBench.Array, Tdmrs, 32, _memory) ^ 0xC0000A1200000101);
        }));
    }

    [Fact]
    public void AThousandBootsOfThePermissiveModuleAllocateNothing()
    {
        var machine = MachineWith(new Cmr(4 * G, 124 * G));
        var choices = new Choices();
        var module = new PermissiveModule(_platform, 0);
        Place(static _ => { });
        Assert.Equal(0, AllocatedBy(() =>
        {
            _platform.Fill(machine, choices);
            module.Reset(_platform, 0);
            return BootToReady(module, choices);
        }));
    }

    // Half of the cases leave the reused module somewhere in the middle.
    [Fact]
    public void ReusedModuleAnswersAsAFreshOne()
    {
        var reused = new ModuleDispatcher(new SimulatedModule(ModuleProfile.V1_5, _platform));
        var permissive = new PermissiveModule(_platform, 0);
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var (machine, choices) = Platform(random);
            var profile = ModuleProfile.All[random.Next(3)];
            var step = (ulong)random.Next(3) * 256 * M;
            var stalls = random.Next(4) == 0;
            Place(tdmr => Spoil(random, tdmr));

            var freshPlatform = new ModulePlatform();
            freshPlatform.Fill(machine, choices);
            var fresh = new ModuleDispatcher(new SimulatedModule(profile, freshPlatform) { TdmrInitBytes = step, NeverAdvances = stalls });
            _platform.Fill(machine, choices);
            reused.Reset(profile, _platform, step, stalls);
            permissive.Reset(_platform, step);
            Assert.Equal(Facts(fresh.Module), Facts(reused.Module));
            var calls = Calls(random, choices);
            Assert.Equal(Answers(fresh, calls), Answers(reused, calls));
            Assert.Equal(Facts(fresh.Module), Facts(reused.Module));
            Assert.Equal(Answers(new PermissiveModule(freshPlatform, step), calls), Answers(permissive, calls));
            reused.Module.LockHeld = random.Next(2) == 0;
        }
    }

    [Fact]
    public void RefilledPlatformForgetsEverything()
    {
        _platform.HandoffVersion = 7;
        _platform.Fill(MachineWith([.. Enumerable.Range(1, 32).Select(static i => new Cmr((ulong)i * G, M))]), new Choices { Cpus = 8, CpusPerPackage = 4 });
        Assert.Equal((8, 4, 2), (_platform.Lps, _platform.LpsPerPackage, _platform.Packages));
        var machine = MachineWith(new Cmr(4 * G, G));
        machine.KeyIds = new KeyIdPartition(3, 4);
        machine.Features0 = 5;
        machine.Limits = ModuleLimits.Usual with { MaxTdmrs = 9 };
        _platform.Fill(machine, new Choices());
        Assert.Equal((1, 1, 1, 3UL), (_platform.Lps, _platform.LpsPerPackage, _platform.Packages, _platform.HandoffVersion));
        Assert.Equal((5UL, (ushort)9, PhysicalAddressRules.Of(machine.KeyIds.Value)), (_platform.Features0, _platform.Limits.MaxTdmrs, _platform.Rules));
        Assert.Equal([new Cmr(4 * G, G), .. new Cmr[31]], _platform.Cmrs.Slots.ToArray());
        Assert.False(_platform.Cmrs.Contains(5 * G, (5 * G) + M));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0UL)]
    public void ModuleThatNeverAdvancesReturnsTheBaseForEver(ulong? step)
    {
        var bench = new ModuleBench().To(ModuleState.SysReady);
        bench.Module.TdmrInitBytes = step;
        bench.Module.NeverAdvances = true;
        for (var call = 0; call < 1000; call++)
        {
            Assert.Equal(0UL, bench.Call(SeamcallLeaf.SysTdmrInit, new SeamcallRegisters(4 * G), out var results));
            Assert.Equal(4 * G, results.Rdx);
        }

        Assert.Equal(0xC000010000000001, bench.Call(SeamcallLeaf.SysTdmrInit, 5 * G));
        bench.Module.NeverAdvances = false;
        Assert.Equal(0UL, bench.Call(SeamcallLeaf.SysTdmrInit, 4 * G));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ScenarioChoosesWhetherInitAdvances(bool stalls)
    {
        var scenario = WithRam((4 * G, 5 * G, 0)).Scenario;
        scenario.Choices.TdmrInitStalls = stalls;
        var module = Assert.IsType<ModuleDispatcher>(Modules.Simulated(scenario, ModuleProfile.V1_5));
        Assert.Equal(stalls, module.Module.NeverAdvances);
    }

    // More than one word of bits, and numbers that no platform has.
    [Fact]
    public void EveryLpAndPackageCounts()
    {
        var module = new ModuleBench().Module;
        int[] numbers = [0, 63, 64, 8191, 65535, 65536, int.MaxValue];
        Assert.Equal(0UL, module.SysInit(0));
        Assert.All(numbers, lp => Assert.False(module.IsInitialised(lp)));
        Assert.All(numbers, lp => Assert.Equal(0UL, module.SysLpInit(lp)));
        Assert.All(numbers, lp => Assert.Equal(0xC000050300000000, module.SysLpInit(lp)));
        Assert.Equal((true, false, false, 7), (module.IsInitialised(65536), module.IsInitialised(62), module.IsInitialised(65537), module.InitialisedLps));
    }

    // The figure of a first run has the compiler's own allocations in it.
    private static long AllocatedBy(Func<ulong> boot)
    {
        Repository.RequireNoMutants();
        var status = 0UL;
        for (var i = 0; i < Boots; i++)
        {
            status |= boot();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Boots; i++)
        {
            status |= boot();
        }

        var after = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(0UL, status);
        return after - before;
    }

    private static Machine MachineWith(params Cmr[] cmrs)
    {
        var machine = new Machine();
        machine.Cmrs.AddRange(cmrs);
        return machine;
    }

    private static (Machine Machine, Choices Choices) Platform(Random random)
    {
        var machine = MachineWith(new Cmr((ulong)random.Next(2, 5) * G, (ulong)random.Next(2) * G), new Cmr(5 * G, (ulong)random.Next(90, 130) * G));
        if (random.Next(2) == 0)
        {
            machine.Cmrs.Add(new Cmr((ulong)random.Next(90, 200) * G, G));
            machine.KeyIds = new KeyIdPartition(31, (uint)random.Next(1, 3000));
        }

        machine.Features0 = 1;
        return (machine, new Choices { Cpus = random.Next(1, 100), CpusPerPackage = random.Next(1, 50) });
    }

    private static void Spoil(Random random, TdmrInfo tdmr)
    {
        if (random.Next(8) == 0)
        {
            tdmr.SetReserved(random.Next(4), (ulong)random.Next(256) * 4 * M, (ulong)random.Next(4) * M);
        }

        if (random.Next(12) == 0)
        {
            tdmr.SetPamt((PamtLevel)random.Next(3), (ulong)random.Next(0, 260) * G / 2, 4 * M);
        }
    }

    private static List<(int Lp, ulong Leaf, SeamcallRegisters Operands)> Calls(Random random, Choices choices)
    {
        var calls = new List<(int, ulong, SeamcallRegisters)> { (0, SeamcallLeaf.SysInit, default) };
        calls.AddRange(Enumerable.Range(0, choices.Cpus).Select(static lp => (lp, SeamcallLeaf.SysLpInit, default(SeamcallRegisters))));
        ulong[] fields = [MetadataField.Features0, MetadataField.MaxTdmrs, MetadataField.CmrBase + 2, MetadataField.CmrSize + 2, MetadataField.None, 0x123];
        calls.AddRange(fields.Select(id => (random.Next(choices.Cpus), SeamcallLeaf.SysRd, new SeamcallRegisters(Rdx: id))));
        calls.Add((0, SeamcallLeaf.SysConfig, new SeamcallRegisters(ModuleBench.Array, Tdmrs, 31 + (ulong)random.Next(4))));
        calls.Add((0, SeamcallLeaf.SysConfig, new SeamcallRegisters(ModuleBench.Array, (ulong)random.Next(1, Tdmrs), 32)));
        calls.AddRange(Enumerable.Range(0, choices.Packages).Select(p => (p * choices.CpusPerPackage, SeamcallLeaf.SysKeyConfig, default(SeamcallRegisters))));
        calls.AddRange(Enumerable.Range(0, 20).Select(_ => (0, SeamcallLeaf.SysTdmrInit, new SeamcallRegisters((4 + (ulong)random.Next(Tdmrs)) * G))));
        calls.AddRange(Enumerable.Range(0, 5).Select(_ => (0, SeamcallLeaf.PhymemPageRdmd, new SeamcallRegisters((16 + (ulong)random.Next(512)) * 256 * M))));
        return random.Next(2) == 0 ? calls : calls[..random.Next(calls.Count)];
    }

    private List<(ulong Status, SeamcallRegisters Results)> Answers(ISeamcall module, List<(int Lp, ulong Leaf, SeamcallRegisters Operands)> calls) => [.. calls.Select(c =>
    {
        var registers = c.Operands;
        return (module.Call(c.Lp, c.Leaf, ref registers, _memory), registers);
    })];

    private static string Facts(SimulatedModule module) =>
        $"{module.Profile.Version} {module.State} {module.LockHeld} {module.InitialisedLps} {module.TdmrCount} {module.GlobalHkid} {module.TdmrInitBytes} {module.NeverAdvances} "
        + string.Concat(Enumerable.Range(30, 8).Select(i => module.KotState((ulong)i)));

    private void Place(Action<TdmrInfo> change)
    {
        for (var i = 0; i < Tdmrs; i++)
        {
            var tdmr = ModuleBench.Tdmr(i);
            change(tdmr);
            _memory.Write(ModuleBench.Array + (8 * (ulong)i), ModuleBench.Infos + ((ulong)i * 1024));
            _memory.Place(ModuleBench.Infos + ((ulong)i * 1024), tdmr);
        }
    }

    private ulong BootToReady(ISeamcall module, Choices choices)
    {
        var status = Call(module, 0, SeamcallLeaf.SysInit, default, out _);
        for (var lp = 0; lp < choices.Cpus; lp++)
        {
            status |= Call(module, lp, SeamcallLeaf.SysLpInit, default, out _);
        }

        for (var id = MetadataField.CmrBase; id < MetadataField.CmrBase + Cmr.MaxSlots; id++)
        {
            status |= Call(module, 0, SeamcallLeaf.SysRd, new SeamcallRegisters(Rdx: id), out _);
        }

        status |= Call(module, 0, SeamcallLeaf.SysRd, new SeamcallRegisters(Rdx: MetadataField.Features0), out _);
        status |= Call(module, 0, SeamcallLeaf.SysConfig, new SeamcallRegisters(ModuleBench.Array, Tdmrs, 32), out _);
        for (var package = 0; package < choices.Packages; package++)
        {
            status |= Call(module, package * choices.CpusPerPackage, SeamcallLeaf.SysKeyConfig, default, out _);
        }

        for (ulong i = 0; i < Tdmrs; i++)
        {
            ulong next;
            do
            {
                status |= Call(module, 0, SeamcallLeaf.SysTdmrInit, new SeamcallRegisters((4 + i) * G), out next);
            }
            while (next < (5 + i) * G);
            status |= Call(module, 0, SeamcallLeaf.PhymemPageRdmd, new SeamcallRegisters((4 + i) * G), out _);
        }

        return status;
    }

    private ulong Call(ISeamcall module, int lp, ulong leaf, SeamcallRegisters registers, out ulong rdx)
    {
        var status = module.Call(lp, leaf, ref registers, _memory);
        rdx = registers.Rdx;
        return status;
    }
}
