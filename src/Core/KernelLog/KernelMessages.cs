// SPDX-License-Identifier: MIT

using static TdxVerify.Core.KernelLog.KernelLine;
using static TdxVerify.Core.KernelLog.LogLevel;

namespace TdxVerify.Core.KernelLog;

/// <summary>
/// Every spelling of every message of the TDX host code: the one table that prints messages, recognises their formats
/// and reads them from logs.
/// </summary>
public static class KernelMessages
{
    /// <summary>What prefixes end in.</summary>
    public static IReadOnlyList<string> Needles { get; } = ["tdx: ", Seamldr];

    private const string Tdx = "virt/tdx: ";
    private const string OffTree = "tdx: ";
    private const string Seamldr = "seamldr: ";
    private const string Failed = "virt/tdx: initialization failed: ";
    private const string FirmwareBug = "tdx: [firmware bug]: ";

    private static readonly Version V6_8 = new(6, 8);
    private static readonly Version V6_13 = new(6, 13);
    private static readonly Version V7_1 = new(7, 1);

    /// <summary>
    /// A row a spelling. A log is read by the first row that fits, so what is cut stands behind what is whole. A
    /// kernel prints a line by the first row of its release, or else by the first.
    /// </summary>
    public static IReadOnlyList<MessageTemplate> Table { get; } =
    [
        new(BiosEnabled, Info, Tdx, "BIOS enabled: private KeyID range [%u, %u)", V6_8),
        new(BiosEnabled, Info, Tdx, "BIOS enabled: private KeyID range [", Lacks: "private KeyID range [FIRST, END)"),

        new(Cmr, Info, Tdx, "CMR: [0x%llx, 0x%llx)"),
        new(Cmr, Info, OffTree, "CMR[%s]: [0x%llx, 0x%llx)"),
        new(Cmr, Info, OffTree, "CMR", Lacks: "CMR: [0xSTART, 0xEND)"),

        new(ModuleVersion, Info, Tdx, "Module version: %u.%u.%02u", V7_1),
        new(ModuleVersion, Info, Tdx, "Module version: %u.%u"),
        new(ModuleVersion, Info, Tdx, "module version: %u.%u"),
        new(ModuleVersion, Info, Tdx, "module verson: %u.%u"),
        new(ModuleVersion, Info, Tdx, "TDX module %u.%u"),
        new(ModuleVersion, Info, Tdx, "TDX module: attributes%smajor_version %u%sminor_version %u"),
        new(ModuleVersion, Info, Tdx, "TDX module: attributes", Lacks: "major_version N, minor_version N"),

        new(SeamcallFailed, Error, Tdx, "SEAMCALL (0x%016llx) failed: 0x%016llx", V6_8),
        new(SeamcallFailed, Error, Tdx, "SEAMCALL (", Lacks: "SEAMCALL (0xLEAF) failed: 0xSTATUS"),
        new(SeamcallFailed, Error, OffTree, "SEAMCALL failed: %sleaf %llu%serror 0x%llx."),

        new(SeamcallRegistersLow, Error, Tdx, "RCX 0x%016llx RDX 0x%016llx R08 0x%016llx", V6_8),
        new(SeamcallRegistersHigh, Error, Tdx, "R09 0x%016llx R10 0x%016llx R11 0x%016llx", V6_8),
        new(TdmrsNearLimit, Warning, Tdx, "consumed TDMRs reaching limit: %d used out of %d", V6_8),
        new(NoLocalNode, Warning, Tdx, "TDMR [0x%llx, 0x%llx): unable to find local NUMA node for PAMT allocation, "
            + "fallback to use node 0.", V6_8),
        new(MemoryNotInCmr, Error, Tdx, "memory region [0x%llx, 0x%llx) is not TDX convertible memory."),
        new(NoRbpModMissing, Error, Tdx, "frame pointer (RBP) clobber bug present, upgrade TDX module", V6_13),
        new(NoPlatform, Error, Tdx, "TDX not supported by the host platform", V7_1),
        new(XsaveMissing, Error, Tdx, "XSAVE is required for TDX", V7_1),
        new(Movdir64BMissing, Error, Tdx, "MOVDIR64B is required for TDX", V7_1),
        new(SelfSnoopMissing, Error, Tdx, "Self-snoop is required for TDX", V7_1),

        new(TooFewKeyIds, Error, Failed, "too few private KeyIDs available.", V6_8),
        new(HibernationEnabled, Error, Failed, "Hibernation support is enabled", V6_8),
        new(NotifierFailed, Error, Failed, "register_memory_notifier() failed (%d)", V6_8),
        new(TdmrsExhausted, Warning, Failed, "TDMRs exhausted.", V6_8),
        new(ReservedAreasExhausted, Warning, Failed, "TDMR [0x%llx, 0x%llx): reserved areas exhausted.", V6_8),

        // A reason that was cut, or is worded otherwise.
        new(ReservedAreasExhausted, Warning, Failed, "%sreserved areas exhausted"),
        new(NotEnabledByBios, Error, Failed, "%sBIOS"),
        new(TooFewKeyIds, Error, Failed, "%stoo few private KeyIDs"),
        new(HibernationEnabled, Error, Failed, "%sHibernation"),
        new(HibernationEnabled, Error, Failed, "%shibernation"),
        new(NotifierFailed, Error, Failed, "%sregister_memory_notifier"),
        new(NoRbpModMissing, Error, Failed, "%sRBP"),
        new(OtherFailure, Error, Failed, "%s"),
        new(NotEnabledByBios, Error, FirmwareBug, "%sBIOS"),
        new(OtherFailure, Error, FirmwareBug, "%s"),

        new(ModuleFailed, Error, Tdx, "module initialization failed (%d)", V6_8, Until: V7_1),
        new(ModuleFailed, Error, Tdx, "TDX-Module initialization failed (%d)", V7_1),
        new(ModuleFailed, Error, OffTree, "TDX module initialization failed (%d)"),
        new(ModuleFailed, Error, OffTree, "initialization failed (%d)"),

        new(ModuleInitialized, Info, Tdx, "module initialized", V6_8, Until: V7_1),
        new(ModuleInitialized, Info, Tdx, "TDX-Module initialized", V7_1),
        new(ModuleInitialized, Info, OffTree, "TDX module initialized."),

        new(ModuleNotLoaded, Error, Tdx, "module not loaded", V6_8),
        new(ModuleNotLoaded, Error, OffTree, "module is not loaded"),
        new(ModuleNotLoaded, Error, OffTree, "TDX module not loaded"),
        new(ModuleNotLoaded, Error, OffTree, "TDX module is not loaded."),
        new(ModuleNotLoaded, Error, Tdx, "TDX-Module not loaded", V7_1),
        new(ModuleNotLoaded, Error, Tdx, "TDX-Module is not loaded", V7_1),
        new(NotEnabledByBios, Error, OffTree, "%snot enabled by BIOS"),
        new(OtherModuleLine, Info, Tdx, "TDX-Module %s", V7_1),

        new(DynamicPamt, Info, Tdx, "Enable Dynamic PAMT"),
        new(PamtAllocated, Info, Tdx, "%lu KB allocated for PAMT", V6_8),
        new(PamtAllocated, Info, OffTree, "%lu KB%sallocated for PAMT"),
        new(PamtPagesAllocated, Info, OffTree, "%lu pages allocated for PAMT."),
        new(PamtAllocated, Info, Tdx, "%sallocated for PAMT", Lacks: "N KB allocated for PAMT"),

        new(PackageNeedsCpu, Warning, Tdx, "TDX requires all packages to have an online CPU. Delete all TDs in order "
            + "to offline all CPUs of a package.", V6_13),
        new(DisableFailed, Error, Tdx, "TDH.SYS.DISABLE failed: 0x%016llx", V7_1),
        new(SeamldrFailed, Error, Seamldr, "SEAMCALL (0x%016llx) failed: 0x%016llx", V7_1),

        new(DisableS3, Info, Tdx, "Disable ACPI S3. Turn off TDX in the BIOS to use ACPI S3.", V6_8),
        new(DisableS3, Info, Tdx, "Disable ACPI S3"),
    ];

    private static readonly LogLevel[] Levels =
        [.. Table.DistinctBy(static t => t.Line).OrderBy(static t => t.Line).Select(static t => t.Level)];

    private static readonly Dictionary<string, MessageTemplate> Formats =
        Table.Where(static t => t.IsFormat).ToDictionary(static t => Plain(t.Prefix + t.Text));

    /// <summary>The level a line is printed at.</summary>
    /// <param name="given">The level of <see cref="KernelLine.Other"/>.</param>
    public static LogLevel Level(this KernelLine line, ulong given = 0) =>
        line == Other ? (LogLevel)Math.Min(given, (ulong)Info) : Levels[(int)line];

    /// <summary>A line as a kernel with the messages of a mainline release prints it.</summary>
    public static string Print(KernelLine line, Version release, ulong first = 0, ulong second = 0, ulong third = 0)
    {
        var row = Table.FirstOrDefault(t => t.Line == line && t.IsOf(release)) ?? Table.First(t => t.Line == line);
        return row.Print(first, second, third);
    }

    /// <summary>The spelling that is the format of a printk(), or null.</summary>
    /// <param name="plain">What <see cref="Plain"/> made of the format.</param>
    public static MessageTemplate? Recognise(string plain) => Formats.GetValueOrDefault(plain);

    /// <summary>A format without prefix and newline, every conversion a bare %.</summary>
    public static string Plain(string format)
    {
        var plain = MessageTemplate.Plain(format.TrimEnd('\n'));
        return plain.StartsWith(Tdx, StringComparison.Ordinal) ? plain[Tdx.Length..] : plain;
    }

    /// <summary>The message that a line of a log holds, or null.</summary>
    public static LogMessage? Read(ReadOnlySpan<char> line)
    {
        foreach (var needle in Needles)
        {
            var scanner = new LineScanner(line);
            if (!scanner.Past(needle))
                continue;

            var text = scanner.Rest.Trim();
            foreach (var row in Table)
            {
                if ((row.Prefix == Seamldr) == (needle == Seamldr) && row.Read(text) is { } message)
                    return message;
            }
        }

        return null;
    }

    /// <summary>What a line lacks that is cut or makes no sense.</summary>
    public static string Lacks(KernelLine line) => Table.First(t => t.Line == line && t.Lacks is not null).Lacks!;
}
