// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>A call of the memory notifier chain.</summary>
public readonly ref struct NotificationView
{
    private readonly ref readonly TraceEvent _event;

    internal NotificationView(ref readonly TraceEvent e) => _event = ref e;

    public MemoryAction Action => (MemoryAction)_event.A;
    public ulong Pfn => _event.B;
    public ulong Count => _event.C;

    /// <summary>First page frame after them; wraps at 2^64.</summary>
    public ulong EndPfn => unchecked(_event.B + _event.C);

    /// <summary>What memory_notify() returned: 0 or a negative errno.</summary>
    public int Errno => unchecked((int)_event.D);
}
