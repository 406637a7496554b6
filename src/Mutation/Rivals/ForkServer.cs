// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace TdxVerify.Mutation.Rivals;

/// <summary>AFL's fork server, without a fork: every case runs in this process, which is its own child.</summary>
internal static class ForkServer
{
    private const int Control = 198;
    private const int Status = 199;

    public static bool IsAskedFor => Environment.GetEnvironmentVariable(EdgeMap.Variable) is not null;

    /// <summary>Runs the bytes on standard input as often as it is asked, until a case says no.</summary>
    public static void Serve(Func<ReadOnlySpan<byte>, bool> run)
    {
        using var control = Open(Control, FileAccess.Read);
        using var status = Open(Status, FileAccess.Write);
        using var input = Console.OpenStandardInput();
        var bytes = new byte[Properties.Generation.ScenarioDecoder.MaxBytes];
        var word = new byte[sizeof(int)];
        status.Write(word);
        while (control.ReadAtLeast(word, word.Length, throwOnEndOfStream: false) == word.Length)
        {
            BinaryPrimitives.WriteInt32LittleEndian(word, Environment.ProcessId);
            status.Write(word);
            var length = input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (!run(bytes.AsSpan(0, length)))
                return;

            BinaryPrimitives.WriteInt32LittleEndian(word, 0);
            status.Write(word);
        }
    }

    private static FileStream Open(int descriptor, FileAccess access) =>
        new(new SafeFileHandle(descriptor, ownsHandle: false), access, bufferSize: 0);
}
