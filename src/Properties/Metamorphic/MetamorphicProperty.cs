// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using TdxVerify.Properties.Invariants;

namespace TdxVerify.Properties.Metamorphic;

/// <summary>A property about two cases: a scenario and a changed one. It needs no model to be judged.</summary>
/// <param name="Id">Family and number, as in SPECIFICATION.md.</param>
/// <param name="Sentence">What must hold.</param>
/// <param name="Source">Kernel function, module check or mail.</param>
/// <param name="Evidence">What a verdict's numbers count.</param>
/// <param name="Change">Changes a copy of the scenario in place; false: the relation has nothing to say about
/// it.</param>
/// <param name="Judge">Judges the case (first) and the changed one.</param>
public sealed record MetamorphicProperty(
    string Id, string Sentence, string Source, Evidence Evidence, Func<Scenario, bool> Change, Func<CaseFacts,
        CaseFacts, Verdict> Judge)
    : Property(Id, Sentence, PropertyClass.Contract, Source, Evidence);
