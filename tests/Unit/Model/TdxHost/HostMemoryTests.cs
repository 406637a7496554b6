// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

/*
 *  1M     256M       512M          1G        2G           3G        a TDMR of 1 GiB with two holes, and one of 1 GiB with one
 *  |-------|   hole   |------------|          |---- 1M less|
 */
/// <summary>What the module finds where the host put its structures: word by word, and a TDMR_INFO at once.</summary>
public sealed class HostMemoryTests
{
    private readonly HostContext _context = new();
    private readonly List<ulong[]> _atOnce = [];
    private readonly List<ulong[]> _byWord = [];
    private readonly List<ulong> _elsewhere = [];

    public HostMemoryTests()
    {
        _context.Memblock.Remove(256 * M, 256 * M);
        _context.Memblock.AddNode(2 * G, G - M, 0, MemblockFlags.None);
        var host = new HostCode(_context.Environment, KernelPolicy.Merged, new ProbingModule(this));
        host.Init(KeyIdPartition.Usual);
        Assert.Equal((0, 0), (host.CpuEnable(0), host.Enable(_context.Memblock)));
    }

    [Fact]
    public void EveryWordIsWhatItIsAmongTheOthers()
    {
        Assert.Equal(2, _atOnce.Count);
        Assert.Equal(_atOnce, _byWord);
    }

    [Fact]
    public void ATdmrIsBaseSizePamtsFromTheLargestPageAndAreas()
    {
        var words = _atOnce[0];
        Assert.Equal([0, G], words[..2]);

        // PAMTs of 1G, 2M and 4K pages, which lie behind each other the other way round.
        Assert.Equal([K * 4, K * 8, M * 4], [words[3], words[5], words[7]]);
        Assert.Equal([words[6] + (4 * M) + (8 * K), words[6] + (4 * M)], [words[2], words[4]]);
        Assert.Equal([0, M, 256 * M, 256 * M, 0, 0], words[8..14]);
        Assert.Equal([2 * G, G], _atOnce[1][..2]);
        Assert.Equal([G - M, M, 0, 0], _atOnce[1][8..12]);
    }

    [Fact]
    public void ElsewhereIsNothing() => Assert.All(_elsewhere, static word => Assert.Equal(0UL, word));

    private sealed class ProbingModule(HostMemoryTests test) : ISeamcall
    {
        private readonly PermissiveModule _inner = new(new ModulePlatform { Limits = ModuleLimits.Usual }, 0);

        public ulong Call(int lp, ulong rax, ref SeamcallRegisters registers, IHostMemory memory)
        {
            for (ulong i = 0; rax == SeamcallLeaf.SysConfig && i < registers.Rdx; i++)
                Probe(memory, memory.Read(registers.Rcx + (8 * i)));

            if (rax == SeamcallLeaf.SysConfig)
            {
                var last = memory.Read(registers.Rcx + (8 * (registers.Rdx - 1)));
                ulong[] elsewhere = [registers.Rcx + (8 * registers.Rdx), last + 1024, registers.Rcx - 8, last + 512, 8];
                test._elsewhere.AddRange(elsewhere.Select(memory.Read));
            }

            return _inner.Call(lp, rax, ref registers, memory);
        }

        private void Probe(IHostMemory memory, ulong address)
        {
            var words = new ulong[TdmrInfo.Words];
            memory.Read(address, words);
            test._atOnce.Add(words);

            // A span of another length is read word by word.
            var others = new ulong[TdmrInfo.Words];
            memory.Read(address, others.AsSpan(0, 3));
            for (var i = 3; i < others.Length; i++)
                others[i] = memory.Read(address + (8 * (ulong)i));

            test._byWord.Add(others);
        }
    }
}
