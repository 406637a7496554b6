// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Workers;

/// <summary>What a worker is told first.</summary>
internal sealed record WorkerStart(string Journal, CampaignPlan Plan);
