// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>What one logical processor did: flushed its caches, took or gave back a reference to VMX.</summary>
public readonly ref struct CpuView
{
    private readonly ref readonly TraceEvent _event;

    internal CpuView(ref readonly TraceEvent e) => _event = ref e;

    /// <summary>The logical processor, from 0.</summary>
    public int Cpu => (int)_event.A;

    /// <summary>0 or a negative errno: VMX could not be switched on.</summary>
    public int Errno => unchecked((int)_event.B);
}
