// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;

namespace TdxVerify.Properties.Invariants;

/// <summary>
/// Settles a group of invariants at once: a case that passes violates none of them. One that doesn't pass proves
/// nothing, and every invariant of the group then judges for itself.
/// </summary>
/// <param name="passes">True when no invariant of the group is violated.</param>
public sealed class FastCheck(Func<CaseFacts, bool> passes)
{
    public bool Passes(CaseFacts facts) => passes(facts);
}
