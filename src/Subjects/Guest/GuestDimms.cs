// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TdxVerify.Subjects.Guest.Machines;

namespace TdxVerify.Subjects.Guest;

/// <summary>DIMMs of a virtual machine, which come and go while it runs.</summary>
internal sealed class GuestDimms(VirtualMachine machine)
{
    private const int Insertion = 1;
    private const int Ejection = 3;
    private const int InProgress = 132;

    private readonly Dictionary<ulong, string> _names = [];
    private int _count;

    /// <summary>Plugs one, and waits until the kernel has answered.</summary>
    /// <returns>0, whatever the kernel makes of it; -EBUSY where qemu has no place for it.</returns>
    public int Plug(in Step step, TimeSpan patience)
    {
        // Asked for address 0, qemu chooses one itself.
        if (step.Address == 0)
            return -Errno.Ebusy;

        var name = string.Create(CultureInfo.InvariantCulture, $"dimm{++_count}");
        var made = machine.Execute("object-add", new JsonObject
        {
            ["qom-type"] = "memory-backend-ram",
            ["id"] = "of-" + name,
            ["size"] = step.Size,
            ["reserve"] = false,
        });
        var plugged = HasFailed(made) ? made : machine.Execute("device_add", new JsonObject
        {
            ["driver"] = "pc-dimm",
            ["id"] = name,
            ["memdev"] = "of-" + name,
            ["node"] = step.Nid,
            ["addr"] = step.Address,
        });
        if (HasFailed(plugged))
        {
            machine.Execute("object-del", new JsonObject { ["id"] = "of-" + name });
            return -Errno.Ebusy;
        }

        _names[step.Address] = name;
        if (machine.AwaitEvent(e => IsAnswer(e, name, Insertion), patience) is null)
            throw new GuestEndedException($"no answer to the DIMM at 0x{step.Address:x}", isHang: true);

        return 0;
    }

    /// <summary>Asks the kernel to give one back.</summary>
    /// <returns>0 or -EBUSY; -ENODEV: there is none.</returns>
    public int Unplug(ulong address, TimeSpan patience)
    {
        if (!_names.TryGetValue(address, out var name))
            return -Errno.Enodev;

        machine.Execute("device_del", new JsonObject { ["id"] = name });
        var end = machine.AwaitEvent(e => IsDeleted(e, name) || IsAnswer(e, name, Ejection), patience)
            ?? throw new GuestEndedException($"no answer to the ejection of the DIMM at 0x{address:x}", isHang: true);
        if (!IsDeleted(end, name))
            return -Errno.Ebusy;

        _names.Remove(address);
        machine.Execute("object-del", new JsonObject { ["id"] = "of-" + name });
        return 0;
    }

    private static bool HasFailed(JsonElement answer) => answer.TryGetProperty("error", out _);

    private static bool IsDeleted(JsonElement happened, string name) =>
        happened.GetProperty("event").GetString() == "DEVICE_DELETED"
            && happened.GetProperty("data").TryGetProperty("device", out var device) && device.GetString() == name;

    /// <summary>_OST for a device, but "ejection in progress".</summary>
    private static bool IsAnswer(JsonElement happened, string name, int source)
    {
        if (happened.GetProperty("event").GetString() != "ACPI_DEVICE_OST")
            return false;

        var info = happened.GetProperty("data").GetProperty("info");
        return info.GetProperty("source").GetInt32() == source && info.GetProperty("status").GetInt32() != InProgress
            && info.TryGetProperty("device", out var device) && device.GetString() == name;
    }
}
