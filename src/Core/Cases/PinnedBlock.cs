// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>A memory block that can't go offline now.</summary>
/// <param name="Address">Its first byte.</param>
public readonly record struct PinnedBlock(ulong Address, Isolation Isolation);
