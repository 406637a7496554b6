// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TdxVerify.Subjects.Guest.Kernels;

/// <summary>Symbols of one kernel, as System.map and /proc/kallsyms list them.</summary>
public sealed class SymbolTable
{
    private readonly Dictionary<string, ulong> _addresses = new(StringComparer.Ordinal);
    private readonly ulong[] _sorted;
    private readonly Dictionary<ulong, string> _names = [];

    private SymbolTable(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 3 && ulong.TryParse(
                words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var address))
            {
                _addresses.TryAdd(words[2], address);
                _names.TryAdd(address, words[2]);
            }
        }

        _sorted = [.. _addresses.Values.Distinct().Order()];
    }

    /// <summary>True when nothing is in it: Debian's System.map only says where the real one is.</summary>
    public bool IsEmpty => !_addresses.TryGetValue("start_kernel", out var address) || address == 0;

    /// <summary>Reads lines "ADDRESS TYPE NAME"; of equal names the first counts.</summary>
    public static SymbolTable Read(IEnumerable<string> lines) => new(lines);

    /// <summary>Where a symbol lies, or null.</summary>
    public ulong? Find(string name) => _addresses.TryGetValue(name, out var address) ? address : null;

    /// <summary>The last symbol at or before an address, or null.</summary>
    public string? NameAt(ulong address)
    {
        var at = Array.BinarySearch(_sorted, address);
        at = at < 0 ? ~at - 1 : at;
        return at < 0 ? null : _names[_sorted[at]];
    }

    /// <summary>Bytes from a symbol to the next one, at most a bound.</summary>
    public int SizeOf(ulong address, int most)
    {
        var at = Array.BinarySearch(_sorted, address);
        return at < 0 || at + 1 >= _sorted.Length ? most : (int)Math.Min(_sorted[at + 1] - address, (ulong)most);
    }
}
