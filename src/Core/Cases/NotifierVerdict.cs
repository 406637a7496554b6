// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>What a callback of the memory notifier chain returns.</summary>
public static class NotifierVerdict
{
    /// <summary>NOTIFY_OK.</summary>
    public const int Ok = 1;
    /// <summary>NOTIFY_BAD: the memory block stays offline, write() returns -EPERM.</summary>
    public const int Bad = StopMask | 2;

    /// <summary>NOTIFY_STOP_MASK: nobody behind it in the chain is asked.</summary>
    private const int StopMask = 0x8000;

    /// <summary>notifier_to_errno(): 0 for NOTIFY_DONE, NOTIFY_OK, NOTIFY_STOP and whatever is negative.</summary>
    public static int ToErrno(int verdict)
    {
        var kind = verdict & ~StopMask;
        return kind > Ok ? Ok - kind : 0;
    }
}
