// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>Revisions of a git repository, unpacked beside it: work tree and index are neither read nor
/// touched.</summary>
internal sealed class GitTrees(TreeCache cache, TreeContent content, Action<string> onProgress)
{
    private const string Kind = "git";
    private const int ShownDigits = 12;

    /// <summary>The tree of a revision.</summary>
    /// <param name="folder">Absolute; top of a work tree, or a bare repository.</param>
    public KernelTree Open(string folder, string revision, CancellationToken token)
    {
        var shown = UserFolders.Shorten(folder);
        if (revision.StartsWith('-'))
        {
            // git would take it for an option.
            throw new KernelTreeException($"{shown}: expected a git revision behind '@', got '{revision}'");
        }

        var inside =
            Ask(folder, ["rev-parse", "--show-prefix"], end =>
                $"{shown}: expected a git repository, because of '@{revision}': {end.Complaint}", token);
        if (inside.Length > 0)
            throw new KernelTreeException($"{shown}: expected the top of a git repository, got its folder {inside}");

        var commit = Ask(
            folder,
            ["rev-parse", "--verify", revision + "^{commit}"],
            end => $"{shown}: expected a git revision behind '@', got '{revision}': {end.Complaint}",
            token);
        var name = $"{shown}@{revision} ({commit[..ShownDigits]})";
        var tree = cache.Get(content.KindOf(Kind), commit, name, temporary =>
        {
            onProgress($"unpacking {name} ...");
            Unpack(folder, commit, temporary.Path, token);
            return temporary.Path;
        });
        return new KernelTree(tree, name, KernelVersion.Of(tree));
    }

    /// <summary>The commit of a work tree, and whether what is compiled of it has changed since; null: it is
    /// none.</summary>
    public static string? CommitOf(string folder, CancellationToken token)
    {
        if (!Path.Exists(Path.Combine(folder, ".git")))
            return null;

        try
        {
            using var head = ChildProcess.Start("git", ["-C", folder, "rev-parse", "--verify", "HEAD"], token);
            var commit = head.ReadOutput().Trim();
            if (head.End().ExitCode != 0)
                return null;

            using var diff =
                ChildProcess.Start(
                    "git", ["-C", folder, "diff", "--quiet", "HEAD", "--", .. TreeFiles.Needed], token);
            diff.ReadOutput();
            return commit[..ShownDigits] + (diff.End().ExitCode == 0 ? "" : ", changed");
        }
        catch (KernelTreeException)
        {
            // Without git nobody can tell.
            return null;
        }
    }

    private static string Ask(
        string folder, string[] arguments, Func<ChildEnd, string> complain, CancellationToken token)
    {
        using var git = ChildProcess.Start("git", ["-C", folder, .. arguments], token);
        var answer = git.ReadOutput().Trim();
        var end = git.End();
        return end.ExitCode == 0 ? answer : throw new KernelTreeException(complain(end));
    }

    private void Unpack(string folder, string commit, string into, CancellationToken token)
    {
        // git archive fails on a path that the revision doesn't have.
        var there =
            ChildProcess.Run(
                "git", ["-C", folder, "ls-tree", "--name-only", "-z", commit, "--", .. content.Paths], token)
            .Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (there.Length == 0)
            return;

        using var git =
            ChildProcess.Start("git", ["-C", folder, "archive", "--format=tar", commit, "--", .. there], token);
        using var tar =
            ChildProcess.Start("tar", ["--extract", "--file=-", "--no-same-owner", "--directory=" + into], token);
        ChildPipe.Run(git, tar);
    }
}
