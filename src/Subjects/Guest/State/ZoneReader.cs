// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TdxVerify.Subjects.Guest.State;

/// <summary>Reads zones out of lines of /proc/zoneinfo: "Node 0, zone DMA32", then a line a number.</summary>
internal sealed class ZoneReader(SortedDictionary<string, GuestZone> zones)
{
    private readonly Dictionary<string, ulong> _numbers = new(StringComparer.Ordinal);
    private int _nid;
    private string? _name;

    /// <summary>A line, with a label in front.</summary>
    public void Read(string[] words)
    {
        if (words[1] != "Node")
        {
            _numbers[words[1]] = ulong.Parse(words[2], CultureInfo.InvariantCulture);
            return;
        }

        End();
        _nid = int.Parse(words[2].TrimEnd(','), CultureInfo.InvariantCulture);
        _name = words[4];
    }

    /// <summary>No line of the zone follows.</summary>
    public void End()
    {
        if (_name is not null && Number("spanned") != 0)
        {
            zones[string.Create(CultureInfo.InvariantCulture, $"{_nid}/{_name}")] = new GuestZone(
                _nid, _name, Number("start_pfn:"), Number("spanned"), Number("present"), Number("managed"));
        }

        _name = null;
        _numbers.Clear();
    }

    private ulong Number(string name) => _numbers.GetValueOrDefault(name);
}
