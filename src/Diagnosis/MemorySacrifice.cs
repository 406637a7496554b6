// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Diagnosis;

/// <summary>Searches the smallest memory that a machine can give up to make TDX initialise; every proposal is tried on
/// the model.</summary>
/// <param name="scenario">The machine; it is the same afterwards.</param>
internal sealed class MemorySacrifice(Scenario scenario, HostProfile profile)
{
    private const int MaxTrials = 300;
    private const int MinTrials = 8;
    /// <summary>Ranges that all trials of a search may boot: it bounds the time that a machine with very many
    /// takes.</summary>
    private const int MaxRanges = 400_000;
    /// <summary>Pieces that are tried in pairs.</summary>
    private const int MaxPaired = 16;

    private int _trials;

    /// <summary>The memory to give up, ascending, or null when nothing that was tried helps.</summary>
    public IReadOnlyList<AddressRange>? Search(Prediction prediction)
    {
        _trials = Math.Clamp(MaxRanges / Math.Max(prediction.Memlist.Count, 1), MinTrials, MaxTrials);
        var pieces = new SacrificeCandidates(scenario.Machine, profile.Policy);
        var required = pieces.Required(prediction);
        if (required.Count > 0)
            prediction = Try(required);

        return prediction.Succeeds ? Prune(required) : Cheapest(required, prediction, pieces);
    }

    public static string Parameter(IReadOnlyList<AddressRange> given) =>
        string.Join(' ', given.Select(static r => MemoryParameters.Reserve(r.Start, r.Size)));

    /// <summary>What the failure asks for gives a bound; then single pieces and pairs that cost less, the cheapest
    /// first.</summary>
    private IReadOnlyList<AddressRange>? Cheapest(
        IReadOnlyList<AddressRange> required, Prediction prediction, SacrificeCandidates pieces)
    {
        var small = pieces.Small(prediction);
        var best = Accumulate(required, prediction, pieces) ?? AddUp(required, small);
        var bound = best is null ? ulong.MaxValue : RangeSet.TotalBytes(best);
        var singles = small.Select(static p => (IReadOnlyList<AddressRange>)[p]);
        var paired = small.Take(MaxPaired).ToList();
        var pairs =
            paired.SelectMany(
                (one, i) => paired.Skip(i + 1).Select(other => (IReadOnlyList<AddressRange>)[one, other]));
        foreach (var more in singles.Concat(pairs).OrderBy(RangeSet.TotalBytes))
        {
            var given = RangeSet.Of([.. required, .. more]);
            if (_trials == 0 || RangeSet.TotalBytes(given) >= bound)
                break;

            if (Try(given).Succeeds)
                return given;
        }

        return best;
    }

    /// <summary>Gives up what each failure asks for, until none is left or nothing new is asked for.</summary>
    private IReadOnlyList<AddressRange>? Accumulate(
        IReadOnlyList<AddressRange> required, Prediction prediction, SacrificeCandidates pieces)
    {
        var given = required;
        while (!prediction.Succeeds && _trials > 0)
        {
            var more = RangeSet.Of([.. given, .. pieces.AskedFor(prediction)]);
            if (RangeSet.TotalBytes(more) == RangeSet.TotalBytes(given))
                return null;

            given = more;
            prediction = Try(given);
        }

        return prediction.Succeeds ? Prune(given) : null;
    }

    private IReadOnlyList<AddressRange>? AddUp(IReadOnlyList<AddressRange> required, IReadOnlyList<AddressRange> small)
    {
        var given = required;
        foreach (var piece in small)
        {
            given = RangeSet.Of([.. given, piece]);
            if (_trials > 0 && Try(given).Succeeds)
                return Prune(given);
        }

        return null;
    }

    /// <summary>Keeps what was not needed after all, the largest first.</summary>
    private IReadOnlyList<AddressRange> Prune(IReadOnlyList<AddressRange> given)
    {
        foreach (var piece in given.OrderByDescending(static p => p.Size).ToList())
        {
            var less = given.Where(p => p != piece).ToList();
            if (less.Count > 0 && _trials > 0 && Try(less).Succeeds)
                given = less;
        }

        return given;
    }

    private Prediction Try(IReadOnlyList<AddressRange> given)
    {
        _trials = Math.Max(_trials - 1, 0);
        var machine = scenario.Machine;
        var options = machine.Options;
        var calls = machine.MemblockCalls.Count;
        if (machine.E820.Count > 0)
        {
            machine.Options = options with { MemoryWords = (options.MemoryWords + " " + Parameter(given)).Trim() };
        }
        else
        {
            machine.MemblockCalls.AddRange(given.Select(static r =>
                new MemblockCall(MemblockCallKind.Remove, r.Start, r.Size, PfnRange.MaxNumnodes, 0)));
        }

        try
        {
            return Predictor.Predict(scenario, profile);
        }
        finally
        {
            machine.Options = options;
            machine.MemblockCalls.RemoveRange(calls, machine.MemblockCalls.Count - calls);
        }
    }
}
