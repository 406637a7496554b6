// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.KernelLog;

namespace TdxVerify.Core.Cases;

/// <summary>A line of the kernel log. What its three numbers are stands beside the <see cref="KernelLine"/>.</summary>
public readonly ref struct LogView
{
    private readonly ref readonly TraceEvent _event;

    internal LogView(ref readonly TraceEvent e) => _event = ref e;

    public KernelLine Line => (KernelLine)_event.A;
    public ulong First => _event.B;
    public ulong Second => _event.C;
    public ulong Third => _event.D;

    /// <summary>The bytes of a line about memory.</summary>
    public AddressRange Range => new(_event.B, _event.C);

    /// <summary>The negative errno of a line about a failure.</summary>
    public int Errno => unchecked((int)_event.B);

    /// <summary>The line as a kernel with the messages of a mainline release prints it.</summary>
    public string Print(Version release) => KernelMessages.Print(Line, release, First, Second, Third);
}
