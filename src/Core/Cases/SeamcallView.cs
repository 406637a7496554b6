// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

public readonly ref struct SeamcallView
{
    private readonly ref readonly TraceEvent _event;

    internal SeamcallView(ref readonly TraceEvent e) => _event = ref e;

    public ulong Leaf => _event.A;

    /// <summary>RCX; of TDH.SYS.CONFIG the ordinal of the array, as a kernel's own address means nothing to
    /// others.</summary>
    public ulong Rcx => _event.B;

    public ulong Rdx => _event.C;
    public ulong R8 => _event.E;
    public ulong Status => _event.D;
    public ulong RdxOut => _event.F;

    /// <summary>Logical processor, from 0.</summary>
    public int Lp => _event.Lp;

    public bool Succeeded => _event.D == 0;
}
