// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>drivers/acpi/acpi_memhotplug.c: DIMMs that are plugged and unplugged.</summary>
public sealed class MemorySlots(MemoryHotplug hotplug)
{
    private readonly List<MemoryDevice?> _slots = [];
    private readonly List<ulong> _offlined = [];

    public void Clear() => _slots.Clear();

    /// <summary>The DIMM of that name, or null.</summary>
    public MemoryDevice? Find(string name) => _slots.Find(s => s?.Name == name);

    /// <summary>True when a DIMM has bytes of a range.</summary>
    public bool Overlaps(AddressRange range) => _slots.Exists(s => s is not null && s.Range.Overlaps(range));

    /// <summary>The DIMM that begins at a byte, or null.</summary>
    public MemoryDevice? At(ulong address) => _slots.Find(s => s?.Range.Start == address);

    /// <summary>Plugs a DIMM into the first free slot. The event makes the kernel try every DIMM again that it has
    /// refused.</summary>
    /// <returns>0, whatever the kernel makes of it; -EBUSY where other memory answers already.</returns>
    public int Plug(MemoryDevice device)
    {
        var isTaken = Overlaps(device.Range) || hotplug.Ram.Resources.Any(r => r.Overlaps(device.Range));
        if (isTaken)
            return -Errno.Ebusy;

        var free = _slots.IndexOf(null);
        if (free < 0)
            _slots.Add(device);
        else
            _slots[free] = device;

        foreach (var slot in _slots)
        {
            if (slot is { IsEnabled: false })
                Enable(slot);
        }

        return 0;
    }

    /// <summary>acpi_scan_hot_remove(): every block offline in two passes, then the memory goes; else what went
    /// offline comes online again.</summary>
    /// <returns>0 or -EBUSY.</returns>
    public int Unplug(MemoryDevice device)
    {
        if (device.IsEnabled && !TryOffline(device))
            return -Errno.Ebusy;

        // Where this fails __remove_memory() is a BUG(): nothing that the model does can come after it.
        if (device.IsEnabled && hotplug.Remove(device.Range.Start, device.Range.Size) != 0)
            return -Errno.Ebusy;

        _slots[_slots.IndexOf(device)] = null;
        return 0;
    }

    /// <summary>acpi_memory_enable_device(): memory that is there already counts as enabled.</summary>
    private void Enable(MemoryDevice device)
    {
        var group = new MemoryGroup(Pages.PfnUp(device.Range.Size));
        var error =
            hotplug.Add(
                device.Nid, device.Range.Start, device.Range.Size, isDriverManaged: false, hasMemmap: true, group);
        device.IsEnabled = error is 0 or -Errno.Eexist;
        device.Blocks.Clear();
        if (!device.IsEnabled)
            return;

        // acpi_bind_memory_blocks(): what is there now; blocks that come later are not the device's.
        var blocks = hotplug.Blocks;
        var last = blocks.FirstFrom(((device.Range.End - 1) / blocks.BlockSize) + 1);
        for (var i = blocks.FirstFrom(device.Range.Start / blocks.BlockSize); i < last; i++)
            device.Blocks.Add(blocks.All[i].Id);
    }

    private bool TryOffline(MemoryDevice device)
    {
        _offlined.Clear();
        if (TryPass(device, isLast: false) || TryPass(device, isLast: true))
            return true;

        foreach (var id in _offlined.Order())
            hotplug.DeviceOnline(hotplug.Blocks.Find(id)!);

        return false;
    }

    /// <summary>acpi_bus_offline(): the first pass goes on behind a failure, the last one does not.</summary>
    private bool TryPass(MemoryDevice device, bool isLast)
    {
        var isDone = true;
        foreach (var id in device.Blocks)
        {
            if (!isDone && isLast)
                break;

            if (_offlined.Contains(id) || hotplug.Blocks.Find(id) is not { } block)
                continue;

            var result = hotplug.DeviceOffline(block);
            isDone &= result >= 0;
            if (result == 0)
                _offlined.Add(id);
        }

        return isDone;
    }
}
