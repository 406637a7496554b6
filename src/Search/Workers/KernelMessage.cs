// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;

namespace TdxVerify.Search.Workers;

/// <summary>A built kernel.</summary>
internal sealed record KernelMessage(string Library, string Name, string? Profile, KernelTraits Traits);
