// SPDX-License-Identifier: MIT

namespace TdxVerify.Conformance;

/// <summary>A field in which the model and the record differ.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Expected">What was recorded.</param>
/// <param name="Got">What the model says.</param>
public readonly record struct CaseDifference(string Field, string Expected, string Got);
