// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Properties.Facts;

namespace TdxVerify.Search.Coverage;

/// <summary>A kind of case that a search must meet.</summary>
/// <param name="Name">How reports name it.</param>
/// <param name="Strategies">Strategies that promise it in one case of a hundred or more.</param>
/// <param name="Matches">True for such a case.</param>
public sealed record CoverageClass(string Name, IReadOnlyList<Strategy> Strategies, Func<CaseFacts, bool> Matches);
