// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>Where memblock_double_array() gets the memory of a doubled array from.</summary>
public enum ArrayGrowth
{
    /// <summary>memblock_allow_resize() was not called yet: doubling panics.</summary>
    Forbidden,
    /// <summary>Before slab: found in memblock itself, and reserved.</summary>
    FromMemblock,
    /// <summary>After slab: kmalloc.</summary>
    FromSlab,
}
