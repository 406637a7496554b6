// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Alterations;

/// <summary>What kind of event it is, for counts.</summary>
internal static class EventNames
{
    public static string Of(in TraceEvent e) => e.Kind switch
    {
        TraceEventKind.Allocate when e.Allocation.IsNull => $"failed allocation of {e.Allocation.Site}",
        TraceEventKind.Allocate => $"allocation of {e.Allocation.Site}",
        TraceEventKind.Free => $"free of {e.Allocation.Site}",
        TraceEventKind.BadFree => "free of what is free",
        TraceEventKind.ReadAfterFree => "read of what is free",
        TraceEventKind.VmxGet when e.Cpu.Errno != 0 => "reference to VMX that failed",
        TraceEventKind.Lock => $"lock {e.Lock}",
        TraceEventKind.Unlock => $"unlock {e.Lock}",
        TraceEventKind.Seamcall =>
            $"{SeamcallLeaf.Name(e.Seamcall.Leaf)}{(e.Seamcall.Succeeded ? "" : " that failed")}",
        TraceEventKind.Log => $"line {e.Log.Line}",
        TraceEventKind.Notify => $"notification {e.Notification.Action}",
        TraceEventKind.Guest => $"guest {e.Guest.Action}",
        _ => e.Kind.ToString(),
    };
}
