// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Invariants;

namespace TdxVerify.Search.Differences;

/// <summary>That two subjects do the same.</summary>
/// <param name="Id">Family and number, as in SPECIFICATION.md.</param>
/// <param name="Sentence">What must hold.</param>
public sealed record DifferentialProperty(string Id, string Sentence, string Source)
    : Property(Id, Sentence, PropertyClass.AsMerged, Source, Evidence.None)
{
    /// <summary>A tree's kernel and the model.</summary>
    public static DifferentialProperty WithReference { get; } = new(
        "K4", "the tree does what the release that it is like does: its traces are the reference's, event by event",
            "the reference under the profile that the tree declares");

    public static DifferentialProperty WithOther { get; } = new(
        "K5", "both kernels leave the same trace, event by event", "the other kernel");
}
