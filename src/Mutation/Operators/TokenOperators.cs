// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Mutation.Source;

namespace TdxVerify.Mutation.Operators;

/// <summary>Rules that change one operator, one number or one name.</summary>
internal static class TokenOperators
{
    private static readonly Dictionary<string, string[]> Relations = new()
    {
        ["<"] = ["<=", ">="],
        ["<="] = ["<", ">"],
        [">"] = [">=", "<="],
        [">="] = [">", "<"],
        ["=="] = ["!="],
        ["!="] = ["=="],
    };

    private static readonly Dictionary<string, string[]> Sums = new()
    {
        ["+"] = ["-"],
        ["-"] = ["+"],
        ["*"] = ["/"],
        ["/"] = ["*"],
        ["<<"] = [">>"],
        [">>"] = ["<<"],
        ["&"] = ["|"],
        ["|"] = ["&"],
        ["+="] = ["-="],
        ["-="] = ["+="],
    };

    private static readonly Dictionary<string, string[]> Roundings = new()
    {
        ["ALIGN"] = ["ALIGN_DOWN"],
        ["ALIGN_DOWN"] = ["ALIGN"],
        ["TDMR_ALIGN_UP"] = ["TDMR_ALIGN_DOWN"],
        ["TDMR_ALIGN_DOWN"] = ["TDMR_ALIGN_UP"],
        ["round_up"] = ["round_down"],
        ["round_down"] = ["round_up"],
        ["PFN_UP"] = ["PFN_DOWN"],
        ["PFN_DOWN"] = ["PFN_UP"],
        ["PAGE_ALIGN"] = ["PAGE_ALIGN_DOWN"],
        ["PFN_PHYS"] = ["PFN_DOWN"],
        ["PHYS_PFN"] = ["PFN_PHYS"],
    };

    private static readonly HashSet<string> Droppable =
        ["ALIGN", "ALIGN_DOWN", "TDMR_ALIGN_UP", "TDMR_ALIGN_DOWN", "round_up", "round_down", "PAGE_ALIGN",
            "roundup_pow_of_two"];

    private static readonly Dictionary<string, string[]> Extrema = new()
    {
        ["min"] = ["max"],
        ["max"] = ["min"],
        ["min_t"] = ["max_t"],
        ["max_t"] = ["min_t"],
    };

    // Limits and units become those beside them, an errno another one.
    private static readonly Dictionary<string, string[]> Limits = new()
    {
        ["SZ_1M"] = ["SZ_2M", "SZ_64K"],
        ["SZ_1G"] = ["SZ_2G", "SZ_2M"],
        ["PAGE_SIZE"] = ["(2 * PAGE_SIZE)"],
        ["PAGE_MASK"] = ["PMD_MASK"],
        ["PAGE_SHIFT"] = ["(PAGE_SHIFT + 1)"],
        ["PMD_SHIFT"] = ["PUD_SHIFT", "PAGE_SHIFT"],
        ["PUD_SHIFT"] = ["PMD_SHIFT"],
        ["TDX_PS_4K"] = ["TDX_PS_2M"],
        ["TDX_PS_2M"] = ["TDX_PS_1G"],
        ["TDX_PS_1G"] = ["TDX_PS_2M"],
        ["TDX_PS_NR"] = ["(TDX_PS_NR - 1)"],
        ["TDMR_INFO_ALIGNMENT"] = ["(TDMR_INFO_ALIGNMENT / 2)"],
        ["TDMR_INFO_PA_ARRAY_ALIGNMENT"] = ["(TDMR_INFO_PA_ARRAY_ALIGNMENT / 2)"],
        ["TDMR_NR_WARN"] = ["(TDMR_NR_WARN + 1)"],
        ["RDRAND_RETRY_LOOPS"] = ["(RDRAND_RETRY_LOOPS - 1)", "(RDRAND_RETRY_LOOPS + 1)"],
        ["MAX_NUMNODES"] = ["0"],
        ["NUMA_NO_NODE"] = ["0"],
        ["ENOMEM"] = ["EINVAL"],
        ["ENOSPC"] = ["EIO"],
        ["ENODEV"] = ["EIO"],
        ["EIO"] = ["EINVAL"],
        ["EINVAL"] = ["ENOMEM"],
        ["EACCES"] = ["EIO"],
        ["EOPNOTSUPP"] = ["EIO"],
        ["NOTIFY_OK"] = ["NOTIFY_BAD"],
        ["NOTIFY_BAD"] = ["NOTIFY_OK"],
        ["true"] = ["false"],
        ["false"] = ["true"],
    };

    public static IEnumerable<SourceEdit> Relational(CFunction function) => Swap(function, Relations, isBinary: false);

    public static IEnumerable<SourceEdit> Logical(CFunction function) =>
        Swap(function, new() { ["&&"] = ["||"], ["||"] = ["&&"] }, isBinary: false);

    public static IEnumerable<SourceEdit> Arithmetic(CFunction function) => Swap(function, Sums, isBinary: true);

    public static IEnumerable<SourceEdit> Extremum(CFunction function) => Swap(function, Extrema, isBinary: false);

    public static IEnumerable<SourceEdit> Rounding(CFunction function) =>
        Swap(function, Roundings, isBinary: false).Concat(Dropped(function));

    public static IEnumerable<SourceEdit> Constant(CFunction function)
    {
        foreach (var i in Places.Tokens(function))
        {
            if (function.Tokens[i].Kind != CTokenKind.Number || Value(function.Tokens[i].Text) is not { } value)
                continue;

            foreach (var other in value == 0 ? new[] { value + 1 } : [value + 1, value - 1])
                yield return function.File.Replace(i, i + 1, other.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var edit in Swap(function, Limits, isBinary: false))
            yield return edit;
    }

    private static IEnumerable<SourceEdit> Swap(
        CFunction function, Dictionary<string, string[]> table, bool isBinary)
    {
        foreach (var i in Places.Tokens(function))
        {
            if (!table.TryGetValue(function.Tokens[i].Text, out var others)
                || (isBinary && !Places.IsBinary(function.Tokens, i)))
            {
                continue;
            }

            foreach (var other in others)
                yield return function.File.Replace(i, i + 1, other);
        }
    }

    private static IEnumerable<SourceEdit> Dropped(CFunction function)
    {
        foreach (var i in Places.Tokens(function))
        {
            if (Droppable.Contains(function.Tokens[i].Text) && function.Tokens[i + 1].Is("("))
            {
                var (first, end) = Places.Arguments(function.Tokens, i + 1)[0];
                yield return function.File.Replace(
                    i, Places.CloseOf(function.Tokens, i + 1) + 1, $"({function.File.TextOf(first, end)})");
            }
        }
    }

    private static ulong? Value(string number)
    {
        var digits = number.TrimEnd('u', 'U', 'l', 'L');
        return digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(digits[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hex)
                ? hex : null
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
