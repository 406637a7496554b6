// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Platform;

/// <summary>Bytes with the name that a log gives them.</summary>
/// <param name="Range">The bytes.</param>
public readonly record struct NamedRange(AddressRange Range, string Name);
