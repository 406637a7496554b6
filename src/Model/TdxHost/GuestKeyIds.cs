// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>tdx_guest_keyid_pool: the KeyIDs that guests have (in 7.1, not in 6.12).</summary>
internal sealed class GuestKeyIds
{
    private readonly HashSet<uint> _used = [];

    public bool IsEmpty => _used.Count == 0;
    public int Count => _used.Count;
    public void Reset() => _used.Clear();

    /// <summary>ida_alloc_range() of [first, first+count): the lowest that is free.</summary>
    /// <returns>A KeyID or a negative errno.</returns>
    public int Alloc(uint first, uint count)
    {
        for (var keyId = first; keyId < first + count; keyId++)
        {
            if (_used.Add(keyId))
                return (int)keyId;
        }

        return -Errno.Enospc;
    }

    /// <summary>ida_free(); nobody gives back what he has not.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Free(uint keyId) => _used.Remove(keyId) ? 0 : -Errno.Einval;
}
