// SPDX-License-Identifier: MIT

namespace TdxVerify.Conformance.Hotplug;

/// <summary>Numbers as the kernel lists them: "0-1,3".</summary>
internal static class NumberRanges
{
    public static string Text(IEnumerable<int> numbers)
    {
        var runs = numbers.Order().Select(static (number, i) => (Number: number, Run: number - i))
            .GroupBy(static n => n.Run, static n => n.Number);
        return string.Join(
            ',', runs.Select(static r => r.First() == r.Last() ? $"{r.First()}" : $"{r.First()}-{r.Last()}"));
    }
}
