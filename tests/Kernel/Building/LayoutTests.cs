// SPDX-License-Identifier: MIT

using TdxVerify.Subjects;
using TdxVerify.Subjects.Kernel;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Tests.Kernel.Building;

/// <summary>A struct that C and C# share can't be changed on one side alone.</summary>
public sealed class LayoutTests
{
    private const string Header = "env/env.h";
    private const string Fields = "int erratum, hibernation, notifier_errno, mirrored;";
    private const string Swapped = "int hibernation, erratum, notifier_errno, mirrored;";

    [Fact]
    public void AStructThatMovedDoesNotCompile()
    {
        using var native = new NativeCopy();
        native.Replace(Header, Fields, Swapped);
        var told = Assert.Throws<KernelBuildException>(() => Build(native)).Message;
        Assert.Matches(
            @"env/layout\.c:\d+:\d+: error: static assertion failed: ""env_machine\.erratum is not 16""", told);
    }

    [Fact]
    public void ALibraryWhoseStructMovedIsNotRun()
    {
        using var native = new NativeCopy();
        native.Replace(Header, Fields, Swapped);
        native.Replace("env/layout.c", "FIELD(env_machine, erratum, 16)", "FIELD(env_machine, erratum, 20)");
        native.Replace("env/layout.c", "FIELD(env_machine, hibernation, 20)", "FIELD(env_machine, hibernation, 16)");
        var built = Build(native);
        var told = Assert.Throws<KernelBuildException>(
            () => new KernelHost(built.Library, "moved", Modules.Permissive)).Message;
        Assert.Equal(
            $"{built.Library} was not built for this program: env_machine.erratum is 20 in the library, 16 in the "
                + "program",
            told);
    }

    private static BuiltKernel Build(NativeCopy native) => new KernelBuild(native.Folder, BuildFolder.Libraries)
        .Make(KernelSource.Require(), BuildKind.Plain, CancellationToken.None);
}
