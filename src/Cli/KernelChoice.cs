// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;
using TdxVerify.Mutation;
using TdxVerify.Mutation.Table;
using TdxVerify.Properties.Generation;
using TdxVerify.Scenarios.Input;
using TdxVerify.Search;
using TdxVerify.Search.Workers;
using TdxVerify.Subjects.Guest;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Cli;

/// <summary>From what a user names as a kernel to a library that workers load.</summary>
internal static class KernelChoice
{
    private static readonly TimeSpan HangTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Until kernel code that hangs is ended, a search that is interrupted has not come to its end.</summary>
    public static readonly TimeSpan Patience = 2 * HangTimeout;

    private static readonly TimeSpan SanitizedHangTimeout = TimeSpan.FromMinutes(2);

    /// <summary>What --kernel takes.</summary>
    public const string Description =
        "a kernel tree: a folder, FOLDER@REV of its git repository, a tarball, a linux-source .deb, debian for the "
            + "newest linux-source package that apt knows, debian:SUITE (debian:trixie-backports) or "
                + "debian:RELEASE (debian:7.3)";

    /// <summary>Compiles into the user's cache.</summary>
    public static KernelBuild Builder { get; } =
        new(KernelBuild.DefaultSources, KernelBuild.DefaultCacheFolder, Say);

    public static BuiltKernel Build(string name, BuildKind kind)
    {
        var tree = new TreeFinder(TreeFinder.DefaultCacheFolder, Say).Open(name, Interruption.Token);
        return Builder.Make(tree, kind, Interruption.Token);
    }

    /// <summary>A tree to be searched, and the one that it is compared with.</summary>
    /// <param name="mutant">A fault that is planted in the first, or null.</param>
    public static KernelUnderTest UnderTest(string name, string? against, BuildKind kind, string? mutant = null)
    {
        var kernel = mutant is null ? Of(name, kind) : WithMutant(name, kind, mutant);
        return against is null ? kernel : kernel with { Against = Of(against, kind) };
    }

    public static CampaignPlan Plan(string name, BuildKind kind) =>
        new() { Kernel = UnderTest(name, null, kind), Worker = Worker(kind) };

    public static string Describe(KernelUnderTest kernel) => kernel switch
    {
        { Against: { } other } => $"kernel {kernel.Name}, compared with {other.Name}",
        { Profile: { } profile } => $"kernel {kernel.Name}, compared with the reference (profile {profile.Name})",
        _ => $"kernel {kernel.Name}: no profile matches, so only the invariants are checked",
    };

    /// <summary>Runs something that needs a kernel; what the user can't help is told in one line.</summary>
    /// <param name="badInput">The code for a tree that can't be had.</param>
    /// <param name="notBuilt">The code for one that can't be compiled.</param>
    public static int Guard(Func<int> run, int badInput = ExitCode.BadInput, int notBuilt = ExitCode.HarnessFailed)
    {
        try
        {
            return run();
        }
        catch (Exception problem)
            when (problem is BadInputException or KernelTreeException or GuestException { IsOfScenario: true })
        {
            Screen.Error(problem.Message);
            return badInput;
        }
        catch (Exception problem) when (problem is KernelBuildException or GuestException)
        {
            Screen.Error(problem.Message);
            return notBuilt;
        }
        catch (OperationCanceledException)
        {
            Screen.Error("interrupted");
            return ExitCode.Interrupted;
        }
    }

    public static WorkerLaunch Worker(BuildKind kind)
    {
        var program = Environment.ProcessPath!;
        var entry = Path.Combine(AppContext.BaseDirectory, "tdxverify.dll");
        var command = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new[] { program, entry, WorkerCommand.Name }
            : [program, WorkerCommand.Name];
        var journals = Path.Combine(Path.GetTempPath(), "tdxverify-" + Environment.UserName);
        return new WorkerLaunch(
            command, journals, kind == BuildKind.Plain
                ? HangTimeout
                : SanitizedHangTimeout)
        { Variables = Sanitizers.Variables(kind) };
    }

    /// <summary>A mutant of a tree by its name, written by hand or made by a rule.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static Mutant Mutant(KernelTree tree, string mutant)
    {
        return MutantTable.Of(tree.Release).FirstOrDefault(r => r.Name == mutant)?.In(tree.Folder)
            ?? MutantMaker.Make(MemoryPath.Functions(MemoryPath.Read(tree.Folder)))
                .FirstOrDefault(m => m.Name == mutant)
            ?? throw new BadInputException(
                "--mutant", $"expected a mutant of {tree.Name} ('tdxverify mutate --list'), got '{mutant}'");
    }

    private static KernelUnderTest WithMutant(string name, BuildKind kind, string mutant)
    {
        var built = Build(name, kind);
        var planted = Mutant(built.Tree, mutant);
        var text = planted.Edit.ApplyTo(
            File.ReadAllText(Path.Combine(built.Tree.Folder, planted.Edit.File)));
        var changed = Builder.MakeChanged(built, kind, planted.Edit.File, text, Interruption.Token);
        return Of(name, built) with { Library = changed.Library, Mutant = mutant };
    }

    private static KernelUnderTest Of(string name, BuildKind kind) => Of(name, Build(name, kind));

    private static KernelUnderTest Of(string name, BuiltKernel built)
    {
        var kernel = new KernelUnderTest(built.Library, built.Tree.Name, built.Profile)
        {
            Argument = name,
            Compiler = built.Compiler,
            Commit = built.Tree.Commit,
        };
        return kernel.Profile is null ? kernel with { Traits = TraitsOf(built.Features) } : kernel;
    }

    /// <summary>The boots of a kernel that no profile describes, by what its source declares.</summary>
    private static KernelTraits TraitsOf(IReadOnlyList<string> features) =>
        (features.Contains("ENABLE_INITCALL")
            ? KernelTraits.EnablesDuringBoot | KernelTraits.AsksForFeatures | KernelTraits.TakesOneEntryMap
            : 0)
        | (features.Contains("KHO_EXTENDS_SCRATCH") ? KernelTraits.ExtendsKhoScratch : 0);

    private static void Say(string line)
    {
        if (!Console.IsErrorRedirected)
            Console.Error.WriteLine("tdxverify: " + line);
    }
}
