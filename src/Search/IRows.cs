// SPDX-License-Identifier: MIT

namespace TdxVerify.Search;

/// <summary>Runs rows of numbered cases, one after another; every worker of a sweep has its own.</summary>
internal interface IRows : IDisposable
{
    /// <summary>Runs cases [first, last) until one ends the search or somebody wants it to end; what was done is in the result either way.</summary>
    /// <param name="first">First case.</param>
    /// <param name="last">After the last case.</param>
    /// <param name="result">Where results go.</param>
    /// <param name="token">Ends the row between two cases.</param>
    /// <returns>False when the token ended it.</returns>
    bool Run(ulong first, ulong last, ChunkResult result, CancellationToken token);
}
