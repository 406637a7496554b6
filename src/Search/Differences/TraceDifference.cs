// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Differences;

/// <summary>Where two traces part.</summary>
/// <param name="Step">Step from 1; 0: boot.</param>
/// <param name="Place">"event 12", "tdx_memlist[3]".</param>
/// <param name="One">What the first subject did there.</param>
/// <param name="Other">What the second did.</param>
public sealed record TraceDifference(int Step, string Place, string One, string Other);
