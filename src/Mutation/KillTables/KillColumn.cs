// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.Rivals;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Mutation.KillTables;

/// <summary>One way to make cases: a strategy of this program, or a rival.</summary>
public sealed record KillColumn(string Name, Strategy Strategy, Rival? Rival)
{
    /// <summary>The strategies, the default one first, and the rivals.</summary>
    public static IReadOnlyList<KillColumn> Of(IEnumerable<Rival> rivals)
    {
        Strategy[] strategies =
        [
            Strategy.Mixed, Strategy.Realistic, Strategy.Adversarial, Strategy.Sequences, Strategy.Exhaustive,
            Strategy.Uniform,
        ];
        return
        [
            .. strategies.Select(static s => new KillColumn(s.ToString().ToLowerInvariant(), s, null)),
            .. rivals.Select(static r => new KillColumn(r.Name, Strategy.Mixed, r)),
        ];
    }
}
