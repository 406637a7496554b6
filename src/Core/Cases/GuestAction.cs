// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>What a TDX guest's process does with memory.</summary>
public enum GuestAction
{
    /// <summary>It sets a memory policy.</summary>
    Policy,
    /// <summary>It asks for a page.</summary>
    Page,
}
