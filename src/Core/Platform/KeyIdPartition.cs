// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Platform;

/// <summary>IA32_MKTME_KEYID_PARTITIONING: low dword the MKTME KeyIDs, high dword the TDX private KeyIDs.</summary>
/// <param name="MktmeKeyIds">Number of shared KeyIDs, 0 not counted.</param>
/// <param name="TdxKeyIds">Number of private KeyIDs; 0: TDX is off in the BIOS.</param>
public readonly record struct KeyIdPartition(uint MktmeKeyIds, uint TdxKeyIds)
{
    /// <summary>What most TDX hosts report: private KeyIDs [32, 64).</summary>
    public static KeyIdPartition Usual => new(31, 32);

    /// <summary>First private KeyID, the one that Linux makes the global KeyID.</summary>
    public uint FirstPrivate => unchecked(MktmeKeyIds + 1);
}
