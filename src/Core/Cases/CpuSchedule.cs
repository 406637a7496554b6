// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>
/// Which CPU goes on where all of them run the same function at once: one at a time, in an order that one number
/// gives, until it waits or ends; and in up to three places another one goes on although it could.
/// </summary>
public sealed class CpuSchedule
{
    /// <summary>Places of an order that a number can name; the first is 1.</summary>
    public const int Places = 63;

    /// <summary>Bits of a place.</summary>
    public const int PlaceBits = 6;

    /// <summary>Switches of an order at most.</summary>
    public const int Switches = 3;

    private const int OrderBits = 16;

    private readonly List<int> _cpus = [];
    private ulong _order;
    private int _place;

    /// <summary>Places that were met since CPUs began.</summary>
    public int Passed => _place;

    /// <summary>The number of an order.</summary>
    /// <param name="permutation">Which CPU starts first, second and so on: below the factorial of their
    /// number.</param>
    /// <param name="places">Where another one goes on: from 1, in the order in which they are met.</param>
    public static ulong Number(int permutation, params ReadOnlySpan<int> places)
    {
        var number = (ulong)permutation;
        for (var i = 0; i < places.Length; i++)
            number |= (ulong)places[i] << (OrderBits + (PlaceBits * i));

        return number;
    }

    /// <summary>What a CPU does, and the one that goes on.</summary>
    public int Take(int cpu, CpuTurn turn)
    {
        switch (turn)
        {
            case CpuTurn.Joins:
                _cpus.Add(cpu);
                return cpu;
            case CpuTurn.Starts:
                return Start();
            case CpuTurn.Passes:
                return Pass(cpu);
            case CpuTurn.Waits:
                return Next(cpu);
            default:
                return End(cpu);
        }
    }

    /// <summary>CPUs start.</summary>
    public void Begin(ulong order)
    {
        _order = order;
        _place = 0;
        _cpus.Clear();
    }

    private int Start()
    {
        var rest = _order & ((1UL << OrderBits) - 1);
        for (var i = 0; i < _cpus.Count; i++)
        {
            var left = (ulong)(_cpus.Count - i);
            var chosen = i + (int)(rest % left);
            rest /= left;
            var cpu = _cpus[chosen];
            _cpus.RemoveAt(chosen);
            _cpus.Insert(i, cpu);
        }

        return _cpus[0];
    }

    private int Pass(int cpu)
    {
        _place++;
        for (var i = 0; i < Switches; i++)
        {
            var place = (_order >> (OrderBits + (PlaceBits * i))) & Places;
            if (place == (ulong)_place)
                return Next(cpu);
        }

        return cpu;
    }

    private int Next(int cpu) => _cpus[(_cpus.IndexOf(cpu) + 1) % _cpus.Count];

    private int End(int cpu)
    {
        var next = Next(cpu);
        _cpus.Remove(cpu);
        return _cpus.Count == 0 ? -1 : next;
    }
}

/// <summary>What a CPU does where all of them run at once.</summary>
public enum CpuTurn
{
    /// <summary>It takes part.</summary>
    Joins,
    /// <summary>All take part that do: who is the first?</summary>
    Starts,
    /// <summary>It could go on.</summary>
    Passes,
    /// <summary>It waits for others.</summary>
    Waits,
    /// <summary>It has ended; -1 goes on when it was the last.</summary>
    Ends,
}
