// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>Numbers drawn one after another from a single 64-bit number (splitmix64); the same everywhere.</summary>
public struct SplitMix64(ulong state)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state = state;

    /// <summary>The number of a case: a function of seed and index alone, so that any worker can make any
    /// case.</summary>
    public static ulong Number(ulong seed, ulong index) => Scramble(unchecked(Scramble(seed + Step) + (index * Step)));

    /// <summary>64 bits.</summary>
    public ulong Next() => Scramble(_state = unchecked(_state + Step));

    /// <summary>A number from 0 to below the bound.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>A number from the first to the last, both included.</summary>
    public int Between(int first, int last) => first + Below(last - first + 1);

    /// <summary>A number from 0 to below the bound.</summary>
    public ulong Below(ulong bound) => Math.BigMul(Next(), bound, out _);

    /// <summary>True as often as the percentage says.</summary>
    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(ReadOnlySpan<T> items) => items[Below(items.Length)];

    private static ulong Scramble(ulong value)
    {
        value = unchecked((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9);
        value = unchecked((value ^ (value >> 27)) * 0x94D049BB133111EB);
        return value ^ (value >> 31);
    }
}
