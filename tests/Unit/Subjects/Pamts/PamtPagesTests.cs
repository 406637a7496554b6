// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Model.Memblock;
using TdxVerify.Subjects.Pamts;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Subjects.Pamts;

/// <summary>Page frames for PAMTs from an allocator that is used again and again.</summary>
public sealed class PamtPagesTests
{
    private const ulong Gib = G >> 12;
    private const ulong EndOfDma = 0x1000;
    private const ulong EndOfDma32 = 0x100000;

    private readonly PamtPages _pages = new();

    [Theory]
    [InlineData(PamtPlacement.FirstFit)]
    [InlineData(PamtPlacement.TopDown)]
    [InlineData(PamtPlacement.BottomUp)]
    [InlineData(PamtPlacement.Outside)]
    [InlineData(PamtPlacement.Recorded)]
    [InlineData(PamtPlacement.Adversarial)]
    public void AThousandCasesAllocateNothing(PamtPlacement placement)
    {
        Repository.RequireNoMutants();
        var memblock = Memory([.. Enumerable.Range(0, 16).Select(static i => ((ulong)i * 8 * G, 6 * G, i % 3))]);
        var choices = new Choices { Placement = placement };
        choices.RecordedPamts.AddRange(Enumerable.Repeat<ulong?>(7, 80));
        ulong Case(ulong bits)
        {
            choices.PlacementBits = bits;
            _pages.Reset(choices, memblock);
            ulong granted = 0;
            for (var i = 0; i < 80; i++)
            {
                granted += _pages.TryAllocate(6177, i % 4, out var pfn) ? 1UL : 0;
                _pages.Free(i % 5 == 0 ? pfn : 1, 6177);
            }

            return granted;
        }

        void Thousand()
        {
            for (var i = 0UL; i < 1000; i++)
            {
                Case(i);
            }
        }

        Assert.Equal(160UL, Case(1) + Case(2));
        Thousand(); // what the compiler allocates belongs to the first run
        var before = GC.GetAllocatedBytesForCurrentThread();
        Thousand();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(PamtPlacement.FirstFit)]
    [InlineData(PamtPlacement.TopDown)]
    [InlineData(PamtPlacement.BottomUp)]
    [InlineData(PamtPlacement.Outside)]
    [InlineData(PamtPlacement.Recorded)]
    [InlineData(PamtPlacement.Adversarial)]
    public void ReusedPagesAnswerAsFreshOnes(PamtPlacement placement)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var memblock = RandomMemory(random);
            var choices = new Choices { Placement = placement, PlacementBits = (ulong)random.NextInt64() };
            choices.RecordedPamts.AddRange([5, null, 6]);
            var fresh = new PamtPages();
            fresh.Reset(choices, memblock);
            _pages.Reset(choices, memblock);
            for (var i = 0; i < 30; i++)
            {
                var (pages, nid) = ((ulong)random.Next(20000), random.Next(-1, 5));
                var expected = (fresh.TryAllocate(pages, nid, out var pfn), pfn);
                Assert.Equal(expected, (_pages.TryAllocate(pages, nid, out var again), again));
                var free = random.Next(3) == 0 ? pfn : 0;
                fresh.Free(free, pages);
                _pages.Free(free, pages);
            }
        }
    }

    // Every placement that knows memory: inside a node's memory, never on what is taken; the adversary inside one range and zone too.
    [Theory]
    [InlineData(PamtPlacement.FirstFit)]
    [InlineData(PamtPlacement.TopDown)]
    [InlineData(PamtPlacement.BottomUp)]
    [InlineData(PamtPlacement.Adversarial)]
    public void EveryPlaceIsLegal(PamtPlacement placement)
    {
        var granted = 0;
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var memblock = RandomMemory(random);
            _pages.Reset(new Choices { Placement = placement, PlacementBits = (ulong)seed }, memblock);
            var live = new List<AddressRange>();
            for (var i = 0; i < 40; i++)
            {
                var pages = (ulong)random.Next(1, random.Next(3) == 0 ? 600000 : 6000);
                var nid = random.Next(4);
                if (!_pages.TryAllocate(pages, nid, out var pfn))
                {
                    Assert.True(placement != PamtPlacement.Adversarial || !HasPlace(memblock, live, pages, null), $"seed {seed}: {pages} pages fit");
                    continue;
                }

                granted++;
                var place = new AddressRange(pfn, pfn + pages);
                Assert.DoesNotContain(live, place.Overlaps);
                Assert.True(place.Start >= 0x100, $"seed {seed}: {place} is below 1 MiB");
                if (placement == PamtPlacement.Adversarial)
                {
                    Assert.Contains(Pieces(memblock), p => p.Pages.Contains(place) && (p.Nid == nid || !HasPlace(memblock, live, pages, nid)));
                }

                live.Add(place);
                if (random.Next(3) == 0)
                {
                    _pages.Free(live[0].Start, live[0].Size);
                    live.RemoveAt(0);
                }
            }
        }

        Assert.True(granted > 5000, $"{granted} granted");
    }

    [Fact]
    public void AdversaryIsAFunctionOfItsBits()
    {
        var memblock = Memory((4 * G, 64 * G, 0), (80 * G, 64 * G, 1));
        var places = Enumerable.Range(0, 100).Select(bits => Places(memblock, (ulong)bits)).ToList();
        Assert.Equal(places, Enumerable.Range(0, 100).Select(bits => Places(memblock, (ulong)bits)));
        Assert.True(places.Distinct().Count() > 90);
    }

    // One stretch [4.5 GiB, 9.5 GiB): start, end, over one of its five boundaries, behind the one before, between.
    [Fact]
    public void AdversaryFindsEveryKindOfPlace()
    {
        const ulong Wanted = 1027, Start = 9 * Gib / 2, End = 19 * Gib / 2;
        var memblock = Memory((9 * G / 2, 5 * G, 0));
        var kinds = new Dictionary<string, int>();
        for (ulong bits = 0; bits < 2000; bits++)
        {
            _pages.Reset(new Choices { Placement = PamtPlacement.Adversarial, PlacementBits = bits }, memblock);
            Assert.True(_pages.TryAllocate(Wanted, 0, out var first) & _pages.TryAllocate(Wanted, 0, out var pfn));
            var across = pfn / Gib != (pfn + Wanted - 1) / Gib;
            var kind = pfn == first + Wanted ? "behind" : pfn == Start ? "start" : pfn + Wanted == End ? "end" : across ? "across" : "between";
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }

        Assert.Equal(5, kinds.Count);
        Assert.All(kinds, static k => Assert.True(k.Value > 100, $"{k}"));
    }

    [Fact]
    public void AdversaryTakesTheLastPageAndThenGivesUp()
    {
        _pages.Reset(new Choices { Placement = PamtPlacement.Adversarial, PlacementBits = 3 }, Memory((4 * G, 8 * K, 1), (5 * G, 4 * K, 0)));
        Assert.True(_pages.TryAllocate(2, 0, out var pfn));
        Assert.Equal(4 * Gib, pfn);
        Assert.True(_pages.TryAllocate(1, 1, out pfn));
        Assert.Equal(5 * Gib, pfn);
        Assert.Equal((false, 0UL), (_pages.TryAllocate(1, 0, out pfn), pfn));
        _pages.Free(4 * Gib, 2);
        Assert.True(_pages.TryAllocate(2, 7, out pfn));
    }

    [Fact]
    public void MemoryIsReadAtResetAlone()
    {
        var memblock = Memory((4 * G, 4 * K, 0));
        var choices = new Choices { Placement = PamtPlacement.BottomUp };
        _pages.Reset(choices, memblock);
        memblock.AddNode(5 * G, G, 0, MemblockFlags.None);
        Assert.False(_pages.TryAllocate(2, 0, out _));
        _pages.Reset(choices, memblock);
        Assert.True(_pages.TryAllocate(2, 0, out _));
    }

    private string Places(MemblockTable memblock, ulong bits)
    {
        _pages.Reset(new Choices { Placement = PamtPlacement.Adversarial, PlacementBits = bits }, memblock);
        return string.Join(' ', Enumerable.Range(0, 5).Select(i => _pages.TryAllocate(1027, i % 2, out var pfn) ? pfn : 0));
    }

    private static MemblockTable Memory(params (ulong Start, ulong Size, int Nid)[] ram)
    {
        var memblock = new MemblockTable();
        foreach (var (start, size, nid) in ram)
        {
            memblock.AddNode(start, size, nid, MemblockFlags.None);
        }

        return memblock;
    }

    private static MemblockTable RandomMemory(Random random)
    {
        var memblock = new MemblockTable();
        ulong at = 0;
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            var size = random.Next(2) == 0 ? (ulong)random.Next(1, 5000) * 4 * K : (ulong)random.Next(1, 3000) * M;
            memblock.AddNode(at, size, random.Next(4), random.Next(6) == 0 ? MemblockFlags.Nomap : random.Next(4) == 0 ? MemblockFlags.Hotplug : MemblockFlags.None);
            at += size + (random.Next(2) == 0 ? 0 : (ulong)random.Next(5000) * 4 * K);
        }

        return memblock;
    }

    // Ranges of memory cut at the ends of zones DMA and DMA32, without the first 1 MiB.
    private static IEnumerable<(AddressRange Pages, int Nid)> Pieces(MemblockTable memblock) =>
        from region in memblock.Memory.Regions.ToArray()
        where (region.Flags & MemblockFlags.Nomap) == 0
        from zone in new AddressRange[] { new(0x100, EndOfDma), new(EndOfDma, EndOfDma32), new(EndOfDma32, ulong.MaxValue) }
        let piece = new AddressRange(Math.Max(region.Base >> 12, zone.Start), Math.Min(region.End >> 12, zone.End))
        where !piece.IsEmpty
        select (piece, region.Nid);

    private static bool HasPlace(MemblockTable memblock, List<AddressRange> taken, ulong pages, int? nid) =>
        Pieces(memblock).Where(p => nid is null || p.Nid == nid)
            .SelectMany(p => RangeSet.Of([p.Pages]).Except(RangeSet.Of(taken))).Any(free => free.Size >= pages);
}
