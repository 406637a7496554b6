// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>What a TDX guest's process asked for, and what it got. Sets of nodes are masks.</summary>
public readonly ref struct GuestView
{
    private readonly ref readonly TraceEvent _event;

    internal GuestView(ref readonly TraceEvent e) => _event = ref e;

    public GuestAction Action => (GuestAction)_event.A;

    /// <summary>The nodes that it asks for.</summary>
    public ulong Asked => _event.B;

    /// <summary>The capable nodes of a policy; the policy in force of a page.</summary>
    public ulong Nodes => _event.C;

    /// <summary>A negative errno; 0 of a policy, the node of a page.</summary>
    public int Result => unchecked((int)_event.D);
}
