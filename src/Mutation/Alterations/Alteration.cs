// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Alterations;

/// <summary>A change of the trace of an intact case: something that a subject could have done, and did not.</summary>
/// <param name="Subject">What is changed: "SEAMCALL TDH.SYS.CONFIG", "tdx_memlist".</param>
/// <param name="Change">How: "dropped", "doubled", "RDX + 1".</param>
/// <param name="Apply">Changes a draft.</param>
internal sealed record Alteration(string Subject, string Change, Action<TraceDraft> Apply);
