// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>What kind of boots a kernel has, so that only cases which it can meet are made.</summary>
[Flags]
public enum KernelTraits
{
    /// <summary>Those of 6.12.</summary>
    None = 0,
    /// <summary>tdx_enable() is an initcall: it runs once, before memory can be added or go online.</summary>
    EnablesDuringBoot = 1,
    /// <summary>Firmware may describe all memory in one e820 entry.</summary>
    TakesOneEntryMap = 2,
    /// <summary>After a kexec handover memory is KHO_SCRATCH, in runs of whole GiBs.</summary>
    ExtendsKhoScratch = 4,
    /// <summary>tdx_enable() asks for features of the CPUs and of the module.</summary>
    AsksForFeatures = 8,
}
