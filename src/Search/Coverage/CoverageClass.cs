// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Search.Coverage;

/// <summary>A kind of case that a search must meet.</summary>
/// <param name="Strategies">Strategies that promise it in one case of a hundred or more.</param>
public sealed record CoverageClass(string Name, IReadOnlyList<Strategy> Strategies, Func<CaseFacts, bool> Matches);
