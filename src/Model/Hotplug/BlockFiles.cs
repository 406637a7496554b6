// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>The files of /sys/devices/system/memory as write(2) sees them.</summary>
public sealed class BlockFiles(MemoryHotplug hotplug)
{
    /// <summary>memoryN/state: asking for what is there already is -EINVAL.</summary>
    /// <returns>0 or a negative errno; -ENOENT when there is no such block.</returns>
    public int WriteState(ulong id, string text)
    {
        if (hotplug.Blocks.Find(id) is not { } block)
            return -Errno.Enoent;

        // A write of no bytes never reaches the kernel's code.
        if (text.Length == 0)
            return 0;

        if (HotplugParameters.TypeOf(text) is not { } type)
            return -Errno.Einval;

        if (type == OnlineType.Offline)
            return Refused(hotplug.DeviceOffline(block));

        block.OnlineType = type;
        return Refused(hotplug.DeviceOnline(block));
    }

    /// <summary>memoryN/online: kstrtobool(); asking for what is there already succeeds.</summary>
    public int WriteOnline(ulong id, string text)
    {
        if (hotplug.Blocks.Find(id) is not { } block)
            return -Errno.Enoent;

        return text.Length == 0 ? 0 : Truth(text) switch
        {
            true => Math.Min(0, hotplug.DeviceOnline(block)),
            false => Math.Min(0, hotplug.DeviceOffline(block)),
            null => -Errno.Einval,
        };
    }

    public int WriteAutoOnline(string text)
    {
        if (text.Length == 0)
            return 0;

        if (HotplugParameters.TypeOf(text) is not { } type)
            return -Errno.Einval;

        hotplug.DefaultOnlineType = type;
        return 0;
    }

    private static int Refused(int result) => result > 0 ? -Errno.Einval : result;

    private static bool? Truth(string text) => text[0] switch
    {
        'y' or 'Y' or 't' or 'T' or '1' => true,
        'n' or 'N' or 'f' or 'F' or '0' => false,
        'o' or 'O' when text.Length > 1 => text[1] switch { 'n' or 'N' => true, 'f' or 'F' => false, _ => null },
        _ => null,
    };
}
