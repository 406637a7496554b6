// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Pamts;

/// <summary>Walks over the free stretches of page frames that hold a request, each inside one range and one
/// zone.</summary>
/// <param name="pages">Shorter stretches are left out; not 0.</param>
internal ref struct FreeStretches(ReadOnlySpan<AddressRange> ranges, TakenPages taken, ulong pages)
{
    private readonly ReadOnlySpan<AddressRange> _ranges = ranges;
    private AddressRange _left;
    private int _range;
    private int _zone;
    private int _taken;

    /// <summary>The stretch as page frames [start, end).</summary>
    public AddressRange Current { get; private set; }

    /// <summary>Steps to the next stretch; false behind the last one, and then the current one stays.</summary>
    public bool Next()
    {
        while (_left.Size >= pages || TryNextPiece())
        {
            var start = _left.Start;
            var end = _left.End;
            if (_taken < taken.Count && taken[_taken].Start < end)
            {
                end = taken[_taken].Start;
                _left = _left with { Start = taken[_taken++].End };
            }
            else
            {
                _left = default;
            }

            if (end > start && end - start >= pages)
            {
                Current = new AddressRange(start, end);
                return true;
            }
        }

        return false;
    }

    /// <summary>The next part of a range that lies in one zone and is long enough, taken or not.</summary>
    private bool TryNextPiece()
    {
        _left = default;
        while (_range < _ranges.Length && _left.Size < pages)
        {
            var zone = Zones.HighestFirst[_zone++];
            _left = Zones.Common(_ranges[_range], zone);
            if (_zone == Zones.HighestFirst.Length || _ranges[_range].Start >= zone.Start)
            {
                _zone = 0;
                _range++;
            }
        }

        if (_left.Size < pages)
            return false;

        _taken = taken.FirstAbove(_left.Start);
        return true;
    }
}
