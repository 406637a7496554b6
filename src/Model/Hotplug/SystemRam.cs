// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>"System RAM" of /proc/iomem: busy resources in bytes, ascending, never joined.</summary>
public sealed class SystemRam
{
    private readonly List<AddressRange> _resources = [];

    public IReadOnlyList<AddressRange> Resources => _resources;

    public void Clear() => _resources.Clear();

    /// <summary>A resource of boot; they come ascending.</summary>
    public void AddEarly(AddressRange range) => _resources.Add(range);

    /// <summary>register_memory_resource(): false when anything there is busy.</summary>
    public bool TryRequest(AddressRange range)
    {
        var at = 0;
        while (at < _resources.Count && _resources[at].End <= range.Start)
            at++;

        if (at < _resources.Count && _resources[at].Start < range.End)
            return false;

        _resources.Insert(at, range);
        return true;
    }

    /// <summary>release_mem_region_adjustable(): only a range that lies in one resource is cut out; else nothing
    /// happens.</summary>
    public void Release(AddressRange range)
    {
        var at = _resources.FindIndex(r => r.Contains(range));
        if (at < 0)
            return;

        var resource = _resources[at];
        _resources.RemoveAt(at);
        if (resource.End > range.End)
            _resources.Insert(at, resource with { Start = range.End });

        if (resource.Start < range.Start)
            _resources.Insert(at, resource with { End = range.Start });
    }

    /// <summary>walk_system_ram_range() counting: page frames of [start, start+pages) that lie in one resource as a
    /// whole.</summary>
    public ulong CountPages(ulong start, ulong pages)
    {
        ulong count = 0;
        foreach (var resource in _resources)
        {
            var first = Math.Max(start, Pages.PfnUp(resource.Start));
            var end = Math.Min(start + pages, Pages.PfnDown(resource.End));
            count += end > first ? end - first : 0;
        }

        return count;
    }
}
