// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">0 is well; a signal is 128 and its number.</param>
/// <param name="Errors">What it wrote to standard error, cut at a bound.</param>
public readonly record struct ChildEnd(string Program, int ExitCode, string Errors)
{
    /// <summary>The line on standard error that says most: an error that is marked as such, or the first that is not a
    /// mere warning.</summary>
    public string Complaint
    {
        get
        {
            var lines = Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return Array.Find(lines, static l => l.StartsWith("E:", StringComparison.Ordinal))
                ?? Array.Find(lines, static l => !IsWarning(l))
                ?? (lines.Length > 0 ? lines[0] : $"exit code {ExitCode}");
        }
    }

    /// <summary>Does nothing when the program ended well.</summary>
    /// <exception cref="KernelTreeException">It did not; the line is its complaint.</exception>
    public void Require()
    {
        if (ExitCode != 0)
            throw new KernelTreeException($"{Program} failed: {Complaint}");
    }

    private static bool IsWarning(string line) =>
        line.StartsWith("W:", StringComparison.Ordinal) || line.StartsWith("N:", StringComparison.Ordinal)
        || line.StartsWith("warning:", StringComparison.OrdinalIgnoreCase);
}
