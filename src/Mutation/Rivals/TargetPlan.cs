// SPDX-License-Identifier: MIT

using TdxVerify.Search;

namespace TdxVerify.Mutation.Rivals;

/// <summary>What a target process is told.</summary>
/// <param name="Journal">Where it notes the number of the case that runs.</param>
/// <param name="Hit">The file that it writes when something is violated that is no known issue.</param>
public sealed record TargetPlan(CampaignPlan Campaign, string Journal, string Hit);
