// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Workers;

/// <summary>What a worker is told first: all that decides what its cases are and how they are judged.</summary>
internal sealed record WorkerSettings(
    string Journal, ulong Seed, string Strategy, bool KeepsGoing, bool IsStrict, IReadOnlyList<string> PropertyCatalog, string? Origin, KernelMessage Kernel, KernelMessage? Against);
