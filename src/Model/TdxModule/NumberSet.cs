// SPDX-License-Identifier: MIT

using System.Numerics;

namespace TdxVerify.Model.TdxModule;

/// <summary>A set of small numbers (LPs, packages, KeyIDs): bits that grow once and are cleared only as far as they
/// were used.</summary>
internal sealed class NumberSet
{
    private const int WordBits = 64;

    // A KeyID has 16 bits, and no platform has as many LPs.
    private const int MaxBits = 1 << 16;

    private readonly List<int> _others = [];
    private ulong[] _words = new ulong[1];
    private int _usedWords;

    public int Count { get; private set; }

    public bool Contains(int number)
    {
        var word = (uint)number / WordBits;
        return word < (uint)_words.Length ? (_words[word] & Bit(number)) != 0 : _others.Contains(number);
    }

    /// <summary>Adds a number; false when it was in already.</summary>
    public bool Add(int number)
    {
        if (Contains(number))
            return false;

        Count++;
        if ((uint)number >= MaxBits)
        {
            _others.Add(number);
            return true;
        }

        var word = number / WordBits;
        if (word >= _words.Length)
            Array.Resize(ref _words, (int)BitOperations.RoundUpToPowerOf2((uint)word + 1));

        _words[word] |= Bit(number);
        _usedWords = Math.Max(_usedWords, word + 1);
        return true;
    }

    public void Clear()
    {
        Array.Clear(_words, 0, _usedWords);
        _others.Clear();
        _usedWords = 0;
        Count = 0;
    }

    private static ulong Bit(int number) => 1UL << (number % WordBits);
}
