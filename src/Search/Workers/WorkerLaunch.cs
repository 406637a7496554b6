// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Workers;

/// <summary>How a worker process is started.</summary>
/// <param name="HangTimeout">How long a worker may be silent before it counts as hung: the last resort, because
/// everything else is bounded by counts.</param>
public sealed record WorkerLaunch(IReadOnlyList<string> Command, string JournalFolder, TimeSpan HangTimeout)
{
    /// <summary>The command line of the search, for the journals.</summary>
    public string Search { get; init; } = "";

    /// <summary>Environment variables that it gets besides.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();
}
