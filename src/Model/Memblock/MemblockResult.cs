// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>What a memblock function returned.</summary>
public enum MemblockResult
{
    /// <summary>0.</summary>
    Ok = 0,
    /// <summary>-ENOMEM: an array could not be doubled; nothing changed.</summary>
    NoMemory = -12,
}

/// <summary>The kernel would have called panic().</summary>
public sealed class KernelPanicException : Exception
{
    /// <summary>A panic with the kernel's words.</summary>
    public KernelPanicException(string message)
        : base(message)
    {
    }
}
