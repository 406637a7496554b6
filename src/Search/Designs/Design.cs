// SPDX-License-Identifier: MIT

using TdxVerify.Model;

namespace TdxVerify.Search.Designs;

/// <summary>A way to do it that was discussed on the mailing lists.</summary>
/// <param name="Name">How the command line and scenario files name it.</param>
/// <param name="Source">Who proposed it or runs it.</param>
public sealed record Design(string Name, string Sentence, string Source, KernelPolicy Policy)
{
    /// <summary>It reads memblock when boot has thrown it away, unless CONFIG_ARCH_KEEP_MEMBLOCK is on: initcalls come
    /// behind memblock_discard(), too.</summary>
    public bool NeedsKeepMemblock => Policy.Source == ListSource.Memblock || Policy.Check == ListCheck.Memblock;
}
