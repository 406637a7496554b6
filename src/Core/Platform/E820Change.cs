// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Platform;

/// <summary>What an "e820:" line of the kernel did to its table.</summary>
public enum E820ChangeKind
{
    /// <summary>e820__range_update(): bytes of one type get another.</summary>
    Update,
    /// <summary>e820__range_remove(): bytes vanish from the table.</summary>
    Remove,
}

/// <summary>A change of the e820 table that the kernel made while booting, as its log reports it.</summary>
/// <param name="Address">First byte.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="From">Only entries of this type change; None (remove only): all types.</param>
/// <param name="To">The new type of an update.</param>
public readonly record struct E820Change(E820ChangeKind Kind, ulong Address, ulong Size, E820Type From, E820Type To);
