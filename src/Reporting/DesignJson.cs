// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Search.Designs;

namespace TdxVerify.Reporting;

/// <summary>The table of designs as one JSON object.</summary>
public static class DesignJson
{
    public static string Write(ulong seed, IReadOnlyList<DesignVerdict> verdicts) => JsonSerializer.Serialize(new
    {
        seed,
        designs = verdicts.GroupBy(static v => v.Design).Select(static g => new
        {
            name = g.Key.Name,
            sentence = g.Key.Sentence,
            source = g.Key.Source,
            needsKeepMemblock = g.Key.NeedsKeepMemblock,
            cases = g.First().Cases,
            broken = g.Where(static v => v.Broken is not null)
                .Select(static v => new { id = v.Invariant.Id, known = v.Broken!.Known?.Name, file = v.File }),
            holds = g.Where(static v => v.Broken is null).Select(static v => v.Invariant.Id),
        }),
    });
}
