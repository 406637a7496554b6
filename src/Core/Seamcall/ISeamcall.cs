// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Seamcall;

/// <summary>The SEAMCALL instruction: whoever answers it is the TDX module.</summary>
public interface ISeamcall
{
    /// <summary>Runs one SEAMCALL.</summary>
    /// <param name="lp">Logical processor that executes it, from 0.</param>
    /// <param name="rax">Leaf number, version and reserved bits.</param>
    /// <param name="registers">In: operands; out: results.</param>
    /// <param name="memory">Physical memory of the host, where operands point to.</param>
    /// <returns>The status word (RAX).</returns>
    ulong Call(int lp, ulong rax, ref SeamcallRegisters registers, IHostMemory memory);
}

/// <summary>Physical memory as the module sees it: 8-byte words at 8-byte aligned addresses.</summary>
public interface IHostMemory
{
    /// <summary>Reads a word; memory that nobody wrote is zero.</summary>
    ulong Read(ulong address);

    /// <summary>Reads words that follow each other, ascending.</summary>
    void Read(ulong address, Span<ulong> words)
    {
        for (var i = 0; i < words.Length; i++)
            words[i] = Read(address + (sizeof(ulong) * (ulong)i));
    }

    void Write(ulong address, ulong value);
}
