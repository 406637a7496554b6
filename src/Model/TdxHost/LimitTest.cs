// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>How a count is compared with its limit.</summary>
public enum LimitTest
{
    /// <summary>As many as the limit says.</summary>
    Exact,
    OneMore,
    OneLess,
    /// <summary>What is beyond the limit is dropped in silence.</summary>
    Drops,
}

internal static class LimitTests
{
    /// <summary>True when one more fits beside those in use.</summary>
    public static bool Allows(this LimitTest test, int used, int limit) => test switch
    {
        LimitTest.OneMore => used <= limit,
        LimitTest.OneLess => used < limit - 1,
        _ => used < limit,
    };
}
