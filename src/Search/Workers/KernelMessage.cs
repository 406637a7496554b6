// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Workers;

/// <summary>A built kernel.</summary>
internal sealed record KernelMessage(string Library, string Name, string? Profile);
