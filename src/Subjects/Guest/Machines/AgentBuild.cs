// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using TdxVerify.KernelTrees;
using TdxVerify.Subjects.Guest.Kernels;

namespace TdxVerify.Subjects.Guest.Machines;

/// <summary>Compiles native/guest/agent.c, and packs it as an initramfs; once a source, into the cache of
/// kernels.</summary>
internal static class AgentBuild
{
    private static string Source => Path.Combine(AppContext.BaseDirectory, "native", "guest", "agent.c");

    /// <summary>The initramfs.</summary>
    /// <param name="modules">Files of kernel modules that come along.</param>
    /// <exception cref="GuestException">It can't be compiled.</exception>
    public static string Make(IReadOnlyList<string> modules, CancellationToken token)
    {
        const int KeyBytes = 8;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in modules.Prepend(Source))
            hash.AppendData(File.ReadAllBytes(file));

        var key = Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, KeyBytes));
        var made = Path.Combine(KernelImageBuild.DefaultCacheFolder, $"agent-{key}.cpio.gz");
        if (File.Exists(made))
            return made;

        using var temporary = new TemporaryFolder(KernelImageBuild.DefaultCacheFolder);
        var program = Path.Combine(temporary.Path, "agent");
        using (var gcc = ChildProcess.Start("gcc", ["-O2", "-static", "-o", program, Source], token))
        {
            gcc.ReadOutput();
            var end = gcc.End();
            if (end.ExitCode != 0)
                throw new GuestException($"can't compile the agent of virtual machines: {end.Complaint}");
        }

        var packed = program + ".cpio.gz";
        Initramfs.Write(packed, File.ReadAllBytes(program), modules);
        File.Move(packed, made, overwrite: true);
        return made;
    }
}
