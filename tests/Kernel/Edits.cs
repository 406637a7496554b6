// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;
using TdxVerify.Mutation;
using TdxVerify.Mutation.Table;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Tests.Kernel;

/// <summary>The kernel that tests compile, with something changed.</summary>
internal static class Edits
{
    /// <summary>A tree in which a text that stands once in a file is another: a text that is not there would prove nothing.</summary>
    public static EditedTree Tree(string file, string old, string text) => Tree(file, source =>
    {
        var count = source.Split(old).Length - 1;
        return count == 1
            ? source.Replace(old, text, StringComparison.Ordinal)
            : throw new InvalidOperationException($"expected this in {file} once, it is there {count} times: {old}");
    });

    /// <summary>A tree with one file changed.</summary>
    public static EditedTree Tree(string file, Func<string, string> change)
    {
        var tree = KernelSource.Require();
        var edited = new EditedTree(tree, file, change(File.ReadAllText(Path.Combine(tree.Folder, file))));
        return edited;
    }

    /// <summary>A tree with a mutant of mutants/kernel.tsv.</summary>
    public static EditedTree Mutant(string name) => Tree(Row(name).File, Row(name).Before, Row(name).After);

    /// <summary>The same, compiled.</summary>
    public static BuiltKernel BuildMutant(string name)
    {
        var mutant = Row(name).In(KernelSource.Require().Folder);
        return Build(mutant.Edit);
    }

    /// <summary>Compiles what a text that stands once is another in.</summary>
    public static BuiltKernel Build(string file, string old, string text) =>
        Build(new TableRow("edit", file, null, null, default, [], old, text).In(KernelSource.Require().Folder).Edit);

    /// <summary>The row of that name for the release that tests compile.</summary>
    public static TableRow Row(string name) => MutantTable.Of(KernelSource.Release).Single(r => r.Name == name);

    private static BuiltKernel Build(SourceEdit edit)
    {
        var text = edit.ApplyTo(File.ReadAllText(Path.Combine(KernelSource.Require().Folder, edit.File)));
        return BuildFolder.Builder.MakeChanged(KernelSource.RequireBuilt(), BuildKind.Plain, edit.File, text, CancellationToken.None);
    }
}
