// SPDX-License-Identifier: MIT

namespace TdxVerify.Conformance;

/// <summary>A field in which the model and the record differ.</summary>
public readonly record struct CaseDifference(string Field, string Expected, string Got);
