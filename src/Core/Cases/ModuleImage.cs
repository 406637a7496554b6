// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>A file with a TDX module (struct tdx_image), as user space hands it over.</summary>
public enum ModuleImage
{
    /// <summary>A page of signature and three of module behind the header.</summary>
    Whole,
    /// <summary>Shorter than its header.</summary>
    NoHeader,
    /// <summary>A byte shorter than its header says.</summary>
    WrongLength,
    /// <summary>Of a format that nobody knows.</summary>
    WrongVersion,
    /// <summary>Two pages of signature.</summary>
    TwoSignatures,
    /// <summary>A page of module more than P-SEAMLDR takes.</summary>
    TooLarge,
    /// <summary>It does not begin as such a file does.</summary>
    WrongMagic,
    /// <summary>Something stands where zeros must be.</summary>
    ReservedBits,
    /// <summary>A byte longer than its header says.</summary>
    TooLong,
    /// <summary>As many pages of module as P-SEAMLDR takes.</summary>
    Largest,
}
