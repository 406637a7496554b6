// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>FNV-1a, a word at a time: what subjects tell about lists that only have to be the same. native/kernel has
/// it, too.</summary>
public static class WordDigest
{
    private const ulong Prime = 0x100000001b3;

    /// <summary>Of no words.</summary>
    public const ulong Start = 0xcbf29ce484222325;

    /// <summary>Of one word more.</summary>
    public static ulong With(ulong digest, ulong word) => unchecked((digest ^ word) * Prime);
}
