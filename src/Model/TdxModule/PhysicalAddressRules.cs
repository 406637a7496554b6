// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxModule;

/// <summary>What the module accepts as a physical address. The KeyID bits are 51 to
/// <see cref="HkidStartBit"/>.</summary>
/// <param name="HkidStartBit">52 - IA32_TME_ACTIVATE[35:32]; the platform's own MAXPHYADDR is never used.</param>
/// <param name="SeamRange">SEAMRR: structures passed to the module must not lie in it.</param>
public readonly record struct PhysicalAddressRules(int HkidStartBit, KeyIdPartition KeyIds, AddressRange SeamRange)
{
    /// <summary>MAX_PA of the module: one constant for every platform.</summary>
    public const int MaxPa = 52;

    private const int MaxKeyIdBits = 15;
    private const ulong AddressEnd = 1UL << MaxPa;

    /// <summary>The rules of most hosts: 6 KeyID bits, KeyIDs [32, 64) private.</summary>
    public static PhysicalAddressRules Usual { get; } =
        new(46, KeyIdPartition.Usual, AddressRange.OfSize(0x78000000, 0x2000000));

    /// <summary>The usual rules with as many KeyID bits as all KeyIDs need: 64 KeyIDs, 6 bits.</summary>
    public static PhysicalAddressRules Of(KeyIdPartition keyIds)
    {
        var rules = Usual with { KeyIds = keyIds };
        return rules
            with
        {
            HkidStartBit =
                MaxPa - Math.Min(
                    64 - System.Numerics.BitOperations.LeadingZeroCount(rules.PrivateEnd - 1), MaxKeyIdBits)
        };
    }

    /// <summary>First KeyID beyond the private ones.</summary>
    public ulong PrivateEnd => (ulong)KeyIds.MktmeKeyIds + KeyIds.TdxKeyIds + 1;

    private ulong HkidMask => (AddressEnd - 1) & ~((1UL << HkidStartBit) - 1);

    /// <summary>True for a KeyID that belongs to the module.</summary>
    public bool IsPrivate(ulong keyId) => keyId > KeyIds.MktmeKeyIds && keyId < PrivateEnd;

    /// <summary>An address below 2^52 without KeyID bits.</summary>
    public bool IsPlain(ulong address) => address < AddressEnd && (address & HkidMask) == 0;

    /// <summary>base + size wraps; a range that ends exactly at 2^64 counts as wrapping.</summary>
    public static bool Wraps(ulong start, ulong size) => start > ulong.MaxValue - size;

    /// <summary>shared_hpa_check_with_pwr_2_alignment(): alignment, below 2^52, outside SEAMRR, a shared
    /// KeyID.</summary>
    public bool IsShared(ulong address, ulong alignment)
    {
        if (!Pages.IsAligned(address, alignment) || address >= AddressEnd)
            return false;

        var plain = address & ~HkidMask;
        var keyId = (address & HkidMask) >> HkidStartBit;
        return !SeamRange.Overlaps(AddressRange.OfSize(plain, alignment)) && keyId <= KeyIds.MktmeKeyIds;
    }
}
