// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Kills;

/// <summary>What became of a mutant.</summary>
public enum MutantFate
{
    Killed,
    /// <summary>At least one search did not notice it.</summary>
    Survived,
    /// <summary>It does what the kernel does, as mutants/equivalent.tsv argues, and no search noticed it.</summary>
    Equivalent,
    /// <summary>It is argued to be equivalent, and a search noticed it.</summary>
    Disproved,
    NotCompilable,
    /// <summary>The harness failed on it: an error of the harness, whatever the mutant does.</summary>
    HarnessFailed,
}
