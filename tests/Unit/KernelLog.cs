// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using TdxVerify.Diagnosis;
using TdxVerify.Scenarios;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit;

/// <summary>A kernel log, line by line.</summary>
internal sealed class KernelLog
{
    private readonly StringBuilder _text = new();

    /// <summary>A log with the memory below 640 KiB, a KeyID line and the module's version.</summary>
    public static KernelLog Usual(string commandLine = "quiet") => new KernelLog()
        .Line("Linux version 6.12.0")
        .Line("Command line: BOOT_IMAGE=/vmlinuz root=/dev/sda1 " + commandLine)
        .Line("BIOS-provided physical RAM map:")
        .Ram(0, 640 * K);

    public KernelLog Line(string line)
    {
        _text.Append("[    0.000000] ").Append(line).Append('\n');
        return this;
    }

    public KernelLog Ram(ulong start, ulong end) => Line(Invariant($"BIOS-e820: [mem 0x{start:x16}-0x{end - 1:x16}] usable"));

    public KernelLog Cmr(ulong start, ulong end) => Line(Invariant($"virt/tdx: CMR: [0x{start:x}, 0x{end:x})"));

    public Explanation Explain(ExplainOptions? options = null)
    {
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes(_text.ToString()));
        return Explanation.Of(LogReader.Read(stream, "boot.log"), options ?? ExplainOptions.None);
    }

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
