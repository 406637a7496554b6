// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Conformance.Cases;
using TdxVerify.Conformance.Hotplug;
using TdxVerify.Scenarios.Input;
using TdxVerify.Subjects.Kernel;

namespace TdxVerify.Conformance;

/// <summary>Holds the model against recorded answers, file by file.</summary>
public static class ConformanceRun
{
    /// <summary>Disagreements of a file that are kept in full.</summary>
    public const int MaxDisagreements = 5;

    private const int MaxLineChars = 1 << 25;
    private const int MaxInputChars = 2000;

    /// <summary>Judges a file, recognised by its content.</summary>
    /// <param name="path">A name that <see cref="InputFile"/> understands.</param>
    /// <param name="kernel">A kernel that cases of the kernel's host path are run on besides; its module accepts
    /// everything.</param>
    /// <param name="interruption">Ends the file early, with what was found so far.</param>
    /// <exception cref="BadInputException">It can't be read, or a case in it is malformed.</exception>
    public static FileResult Judge(string path, KernelHost? kernel = null, CancellationToken interruption = default)
    {
        ICaseFormat[] formats =
            [new HostCases(kernel), new ModuleSequenceCases(), new ModuleReadCases(), new ModuleConfigCases(),
                new HotplugCases()];
        try
        {
            using var lines = new LineReader(InputFile.Open(path), MaxLineChars);
            var first = FirstLine(lines);
            if (first is not null && first.StartsWith('{'))
                return JudgeCases(path, lines, first, formats, interruption);
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException)
        {
            throw new BadInputException(path, problem.Message);
        }

        return LogConformance.Judge(path);
    }

    /// <summary>Judges one boot of a running kernel.</summary>
    /// <returns>Where the model differs; empty: nowhere.</returns>
    public static IReadOnlyList<CaseDifference> JudgeBoot(JsonElement boot) => new HotplugReplay(boot).Run();

    private static string? FirstLine(LineReader lines)
    {
        string? line;
        do
        {
            line = lines.Read();
        }
        while (line is not null && string.IsNullOrWhiteSpace(line));
        return line?.TrimStart();
    }

    private static FileResult JudgeCases(
        string path, LineReader lines, string first, ICaseFormat[] all, CancellationToken interruption)
    {
        var disagreements = new List<CaseResult>();
        int cases = 0, count = 0, steps = 0;
        var formats = new SortedSet<string>(StringComparer.Ordinal);
        var reasons = new SortedSet<string>(StringComparer.Ordinal);
        for (var line = first; line is not null; line = lines.Read())
        {
            if (interruption.IsCancellationRequested)
            {
                reasons.Add("interrupted");
                break;
            }

            if (string.IsNullOrWhiteSpace(line))
                continue;

            var (format, differences, label, judged) = JudgeLine(path, lines, line, all);
            formats.Add(format.Name);
            steps += judged;
            cases++;
            if (differences.Count == 0)
                continue;

            count++;
            if (disagreements.Count < MaxDisagreements)
            {
                var input = line.Length > MaxInputChars ? line[..MaxInputChars] + "..." : line;
                disagreements.Add(new CaseResult(lines.Number, label, differences, input));
            }
        }

        var verdict = cases == 0 ? FileVerdict.NotApplicable : count > 0 ? FileVerdict.Disagrees : FileVerdict.Agrees;
        return new FileResult(
            path, string.Join(", ", formats), verdict, cases, count, disagreements, reasons.Count > 0
                ? string.Join("; ", reasons)
                : null)
        {
            Steps = steps,
        };
    }

    private static (ICaseFormat Format, IReadOnlyList<CaseDifference> Differences, string Label, int Steps) JudgeLine(
        string path, LineReader lines, string line, ICaseFormat[] all)
    {
        var expected = "a recorded case as JSON";
        try
        {
            using var document = JsonDocument.Parse(line);
            var recorded = document.RootElement;
            var format = recorded.ValueKind == JsonValueKind.Object ? Array.Find(all, f => f.Matches(recorded)) : null;
            if (format is null)
                throw new BadInputException(path, lines.Number, "a recorded case of a known format", line);

            expected = $"every key of the format \"{format.Name}\" with values of its kind";
            return (format, format.Run(recorded), Label(recorded), format.Steps(recorded));
        }
        catch (MalformedCaseException malformed)
        {
            throw new BadInputException(path, lines.Number, malformed.Expected, malformed.Got);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException
            or OverflowException or FormatException or IndexOutOfRangeException or EndlessCaseException)
        {
            throw new BadInputException(
                path, lines.Number, problem is EndlessCaseException ? "a case that ends" : expected, line);
        }
    }

    private static string Label(JsonElement recorded)
    {
        if (recorded.TryGetProperty("f", out var fault) && fault.ValueKind == JsonValueKind.String)
            return fault.GetString()!;

        return recorded.TryGetProperty("id", out var id) ? "id " + id.GetRawText() : "";
    }
}
