// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Kernel;

/// <summary>Memory of kernel code as the module reads it.</summary>
internal sealed class KernelMemory : IHostMemory
{
    private const ulong ArrayAlignment = 512;

    /// <summary>The library; set once it is loaded.</summary>
    public KernelLibrary? Library { get; set; }

    /// <summary>RCX of a leaf that is given a structure, without the address: what is wrong with its alignment stays.
    /// Null for the other leaves.</summary>
    public static ulong? NameOf(ulong leaf, ulong address) => leaf switch
    {
        SeamcallLeaf.SysConfig => SysConfigOperand.Array + (address % ArrayAlignment),
        SeamcallLeaf.SeamldrInstall => SeamldrParams.Address + (address % Sizes.Page4K),
        _ => null,
    };

    public ulong Read(ulong address)
    {
        Span<ulong> word = stackalloc ulong[1];
        return Library!.TryRead(address, word) ? word[0] : 0;
    }

    public void Read(ulong address, Span<ulong> words)
    {
        if (Library!.TryRead(address, words))
            return;

        // Not all of it is one object's: word by word.
        for (var i = 0; i < words.Length; i++)
            words[i] = Read(address + (sizeof(ulong) * (ulong)i));
    }

    public void Write(ulong address, ulong value)
    {
        // Only TDH.SYS.INFO writes, and no kernel since 6.8 calls it.
    }
}
