// SPDX-License-Identifier: MIT

using System.Buffers;
using TdxVerify.Scenarios.Input;
using TdxVerify.Scenarios.Lines;

namespace TdxVerify.Scenarios;

/// <summary>Reads kernel logs, memory listings and scenario files: one language, line by line, in bounded
/// memory.</summary>
public sealed class LogReader
{
    private const int MaxLineChars = 1 << 14;

    /// <summary>Words of which every line that matters has one: the rest of a log is never looked at twice.</summary>
    public static IReadOnlyList<string> Needles { get; } = [.. LogFormats.All.SelectMany(static f => f.Needles)];

    public static IReadOnlyList<string> Examples { get; } = [.. LogFormats.All.SelectMany(static f => f.Examples)];

    private static readonly SearchValues<string> AnyNeedle =
        SearchValues.Create([.. Needles], StringComparison.Ordinal);

    private readonly string _path;
    private readonly bool _isStrict;
    private readonly int _wanted;
    private BootLog _boot = new();
    private BootLog? _chosen;
    private int _chosenNumber;
    private int _boots;

    private LogReader(string path, int boot, bool isStrict)
    {
        _path = path;
        _wanted = boot;
        _isStrict = isStrict;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">A name that <see cref="InputFile"/> understands.</param>
    /// <param name="boot">Which boot to take, from 1; 0: the last complete one.</param>
    /// <param name="isStrict">A malformed line is an error.</param>
    /// <exception cref="BadInputException">Nothing can be read, or a tdxverify: line is wrong, or (strict) any known
    /// line.</exception>
    public static LogFile Read(string path, int boot = 0, bool isStrict = false)
    {
        using var stream = InputFile.Open(path);
        return Read(stream, path, boot, isStrict);
    }

    public static LogFile Read(Stream stream, string path, int boot = 0, bool isStrict = false)
    {
        using var lines = new LineReader(stream, MaxLineChars);
        try
        {
            return new LogReader(path, boot, isStrict).Run(lines);
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException)
        {
            throw new BadInputException(path, problem.Message);
        }
    }

    private LogFile Run(LineReader lines)
    {
        string? held = null;
        while ((held ?? lines.Read()) is { } line)
        {
            held = null;
            if (lines.WasCut || line.StartsWith('#') || line.AsSpan().IndexOfAny(AnyNeedle) < 0)
                continue;

            if (line.Contains(BootLines.Start, StringComparison.Ordinal))
                _boot = EndBoot() ? new BootLog() : new BootLog(_boot.Diagnostics);

            var number = lines.Number;
            var result = ReadLine(line);
            if (result.Expected is { } expected)
            {
                if (result.IsWrong)
                    throw new BadInputException(_path, number, expected, line.Trim());

                held = lines.Read();
                if (held is not null && ReadJoined(line, held))
                    held = null;
                else
                    Report(number, expected, line);
            }
        }

        EndBoot();
        return Choose();
    }

    /// <summary>The boot that was read is a candidate.</summary>
    /// <returns>False when there was none to end.</returns>
    private bool EndBoot()
    {
        if (_boot.IsEmpty && _boot.Scenario.Machine.KernelRelease is null)
            return false;

        _boots++;
        var isBetter = _wanted == 0 ? _boot.IsComplete || _chosen is not { IsComplete: true } : _boots == _wanted;
        if (isBetter)
        {
            _chosen = _boot;
            _chosenNumber = _boots;
        }

        return true;
    }

    private LogFile Choose()
    {
        if (_wanted > 0 && _chosen is null)
            throw new BadInputException(_path, $"expected boot {_wanted}, got a log of {_boots}");

        if (_chosen is null || (_chosen.IsEmpty && _chosen.Scenario.Steps.Count == 0))
        {
            throw new BadInputException(_path, _chosen is { HasHiddenIomem: true }
                ? "every address is 0: read /proc/iomem as root"
                : "expected a kernel log or a memory listing, got no line of one")
            {
                IsUnrecognised = _chosen is not { HasHiddenIomem: true },
            };
        }

        if (_chosen.HasHiddenIomem && _chosen.Scenario.Machine.HasNoMemoryMap && !_chosen.IsComplete)
            throw new BadInputException(_path, "every address is 0: read /proc/iomem as root");

        return new LogFile(_path, _chosen.Finish(), _boots, _chosenNumber, _chosen.Diagnostics);
    }

    private LineResult ReadLine(ReadOnlySpan<char> line)
    {
        var result = LineResult.Unknown;
        foreach (var format in LogFormats.All)
            result = result.IsKnown ? result : format.Read(line, _boot);

        return result;
    }

    /// <summary>Mail programs wrap lines: the rest, or only the type, stands on the next one.</summary>
    private bool ReadJoined(string line, string next)
    {
        var rest = next.AsSpan().TrimStart("> \t");
        if (rest.IsEmpty || rest.Length > MaxLineChars / 2)
            return false;

        return ReadLine(string.Concat(line.AsSpan().TrimEnd(), " ", rest)).Expected is null
            || ReadLine(string.Concat(line.AsSpan().TrimEnd(), rest)).Expected is null;
    }

    private void Report(long number, string expected, string line)
    {
        if (_isStrict)
            throw new BadInputException(_path, number, expected, line.Trim());

        _boot.Diagnostics.Add(
            new LogDiagnostic(number, $"expected {expected}, got {BadInputException.Quote(line.Trim())}"));
    }
}
