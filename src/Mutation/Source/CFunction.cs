// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;

namespace TdxVerify.Mutation.Source;

/// <summary>A function that a file defines.</summary>
/// <param name="Body">Its block.</param>
public sealed record CFunction(CFile File, string Name, CStatement Body)
{
    /// <summary>The cases that show a fault of it best; null: the usual ones.</summary>
    public Strategy? Strategy { get; init; }

    public IReadOnlyList<CToken> Tokens => File.Tokens;

    /// <summary>Every statement inside, outer ones first.</summary>
    public IEnumerable<CStatement> Statements => Body.All();

    /// <summary>What it names: functions that it calls, and much else.</summary>
    public IEnumerable<string> Words =>
        Tokens.Skip(Body.First).Take(Body.End - Body.First).Where(static t => t.Kind == CTokenKind.Word)
            .Select(static t => t.Text);
}
