// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;
using TdxVerify.Search.Mutants;

namespace TdxVerify.Search.Designs;

/// <summary>A way to do it that was argued about.</summary>
/// <param name="Name">How the command line and scenario files name it.</param>
/// <param name="Source">Who proposed it or runs it.</param>
public sealed record Design(string Name, string Sentence, string Source, HostRules Rules)
{
    /// <summary>The same as a change of the host rules; it is held to AS-MERGED properties where it decides as the
    /// merged code does.</summary>
    public Mutant AsMutant => new(Name, Sentence, Source, Rules, IsFault: false) { Choices = Rules.MergedChoices };
}
