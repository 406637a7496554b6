// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Runtime.InteropServices;

namespace TdxVerify.Mutation.Rivals;

/// <summary>The memory in which AFL++ is told which edges ran.</summary>
internal static unsafe partial class EdgeMap
{
    /// <summary>Where AFL++ leaves the number of that memory.</summary>
    public const string Variable = "__AFL_SHM_ID";

    /// <summary>MAP_SIZE of AFL++.</summary>
    private const ulong Bytes = 1 << 16;

    /// <summary>Gives it to a library that was compiled with edges.</summary>
    public static void Open(string library)
    {
        var number = int.Parse(Environment.GetEnvironmentVariable(Variable)!, CultureInfo.InvariantCulture);
        var map = Attach(number, null, 0);
        if (map == (byte*)-1)
            throw new IOException($"expected shared memory of AFL++ under {Variable}, found none");

        var open = NativeLibrary.GetExport(NativeLibrary.Load(library), "tdxverify_edges");
        ((delegate* unmanaged<byte*, ulong, void>)open)(map, Bytes);
    }

    [LibraryImport("libc", EntryPoint = "shmat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial byte* Attach(int number, void* address, int flags);
}
