// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Cases;

/// <summary>What happens to a booted machine.</summary>
public enum StepKind
{
    /// <summary>tdx_cpu_enable() on every online CPU, then tdx_enable().</summary>
    EnableTdx,

    /// <summary>Memory is hot-added: memblock_add_node() of bytes [Address, Address+Size).</summary>
    AddMemory,

    /// <summary>MEM_GOING_ONLINE for page frames [Address, Address+Size).</summary>
    GoingOnline,

    /// <summary>A machine check reports the physical address Address.</summary>
    MachineCheck,
}

/// <summary>One step of a scenario.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Address">First byte, or first page frame of <see cref="StepKind.GoingOnline"/>.</param>
/// <param name="Size">Bytes, or page frames.</param>
/// <param name="Nid">Node of added memory.</param>
public readonly record struct Step(StepKind Kind, ulong Address = 0, ulong Size = 0, int Nid = 0)
{
    /// <summary>The step that everything is about.</summary>
    public static Step Enable => new(StepKind.EnableTdx);
}
