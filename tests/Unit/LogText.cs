// SPDX-License-Identifier: MIT

using System.Text;
using TdxVerify.Scenarios;

namespace TdxVerify.Tests.Unit;

/// <summary>Logs that tests read from memory.</summary>
internal static class LogText
{
    public const string Name = "boot.log";

    /// <summary>A map of 1 GiB.</summary>
    public const string Map = "BIOS-e820: [mem 0x0000000000100000-0x000000003fffffff] usable\n";

    public static LogFile Read(string text, int boot = 0, bool isStrict = false) =>
        LogReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), Name, boot, isStrict);
}
