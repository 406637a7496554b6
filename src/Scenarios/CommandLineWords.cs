// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios;

/// <summary>The words of a kernel command line that change memory or nodes.</summary>
public static class CommandLineWords
{
    private static readonly string[] HotplugNames =
        ["kernelcore=", "movablecore=", "movable_node", "memhp_default_state=", "memory_hotplug."];

    /// <summary>Reads a command line; words that don't matter are left out.</summary>
    public static BootOptions Parse(ReadOnlySpan<char> line)
    {
        var options = BootOptions.None;
        foreach (var part in line.Split(' '))
        {
            var word = line[part].Trim();
            if (word is "--")
            {
                // What follows is for init.
                break;
            }

            options = word switch
            {
                _ when word.StartsWith("numa=off", StringComparison.Ordinal) => options with { NumaOff = true },
                "acpi=off" => options with { AcpiOff = true },
                _ when word.StartsWith("numa=noacpi", StringComparison.Ordinal) => options with { AcpiOff = true },
                "kernelcore=mirror" => options with { KernelcoreMirror = true },
                _ when word.StartsWith("numa=fake=", StringComparison.Ordinal) =>
                    options with { NumaFake = word["numa=fake=".Length..].ToString() },
                _ when word.StartsWith("mem=", StringComparison.Ordinal)
                    || word.StartsWith("memmap=", StringComparison.Ordinal) =>
                    options with
                    {
                        MemoryWords = options.MemoryWords.Length == 0
                        ? word.ToString()
                        : options.MemoryWords + " " + word.ToString()
                    },
                _ when IsHotplug(word) =>
                    options with
                    {
                        HotplugWords = options.HotplugWords.Length == 0
                        ? word.ToString()
                        : options.HotplugWords + " " + word.ToString()
                    },
                _ => options,
            };
        }

        return options;
    }

    private static bool IsHotplug(ReadOnlySpan<char> word)
    {
        foreach (var name in HotplugNames)
        {
            if (word.StartsWith(name, StringComparison.Ordinal)
                && (word.Length == name.Length || name[^1] is '=' or '.'))
            {
                return true;
            }
        }

        return false;
    }

    public static string Print(BootOptions options)
    {
        var words = new List<string>();
        if (options.NumaOff)
            words.Add("numa=off");

        if (options.AcpiOff)
            words.Add("acpi=off");

        if (options.NumaFake is { } fake)
            words.Add("numa=fake=" + fake);

        if (options.KernelcoreMirror)
            words.Add("kernelcore=mirror");

        if (options.MemoryWords.Length > 0)
            words.Add(options.MemoryWords);

        if (options.HotplugWords.Length > 0)
            words.Add(options.HotplugWords);

        return string.Join(' ', words);
    }
}
