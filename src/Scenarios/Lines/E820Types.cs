// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Lines;

/// <summary>The kernel's words for e820 types, of all versions.</summary>
internal static class E820Types
{
    private static readonly (string Word, E820Type Type)[] Words =
    [
        ("usable", E820Type.Ram),
        ("System RAM", E820Type.Ram),
        ("reserved", E820Type.Reserved),
        ("device reserved", E820Type.Reserved),
        ("soft reserved", E820Type.SoftReserved),
        ("ACPI data", E820Type.Acpi),
        ("ACPI NVS", E820Type.Nvs),
        ("unusable", E820Type.Unusable),
    ];

    public static bool TryRead(ref LineScanner scanner, out E820Type type)
    {
        foreach (var (word, known) in Words)
        {
            if (scanner.Word(word))
            {
                type = known;
                return true;
            }
        }

        // "persistent (type 12)", "persistent RAM (type 12)", "type 9"
        var isNumbered = scanner.Word("persistent RAM (type ") || scanner.Word("persistent (type ")
            || scanner.Word("type ");
        uint number = 0;
        isNumbered = isNumbered && scanner.Unsigned(out number);
        scanner.Word(")");
        type = (E820Type)number;
        return isNumbered;
    }

    /// <summary>The word that kernels up to 6.18 print.</summary>
    public static string Print(E820Type type) => type switch
    {
        E820Type.Ram or E820Type.ReservedKern => "usable",
        E820Type.Reserved => "reserved",
        E820Type.SoftReserved => "soft reserved",
        E820Type.Acpi => "ACPI data",
        E820Type.Nvs => "ACPI NVS",
        E820Type.Unusable => "unusable",
        E820Type.Pmem or E820Type.Pram => $"persistent (type {(uint)type})",
        _ => $"type {(uint)type}",
    };
}
