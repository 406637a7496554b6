// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Input;

/// <summary>A file to read.</summary>
/// <param name="IsNamed">The user named it; otherwise it was found in a folder.</param>
public readonly record struct InputName(string Path, bool IsNamed);
