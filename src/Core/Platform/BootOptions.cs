// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Platform;

/// <summary>The words of the kernel command line that decide what memory Linux has and how it is split over
/// nodes.</summary>
/// <param name="NumaOff">numa=off.</param>
/// <param name="AcpiOff">acpi=off or numa=noacpi: no SRAT is read.</param>
/// <param name="NumaFake">The value of numa=fake=, or null.</param>
/// <param name="KernelcoreMirror">kernelcore=mirror: mirrored ranges keep a flag of their own.</param>
/// <param name="MemoryWords">mem= and memmap= with their values, in order, blanks between; only used when the map does
/// not show their effect.</param>
public sealed record BootOptions(
    bool NumaOff, bool AcpiOff, string? NumaFake, bool KernelcoreMirror, string MemoryWords)
{
    /// <summary>Words that decide zones and hotplug (movable_node, kernelcore=, memhp_default_state=, ...), in order,
    /// blanks between.</summary>
    public string HotplugWords { get; init; } = "";

    public static BootOptions None { get; } = new(false, false, null, false, "");
}
