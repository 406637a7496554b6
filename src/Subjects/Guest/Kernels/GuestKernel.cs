// SPDX-License-Identifier: MIT

using TdxVerify.Model;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Subjects.Guest.Kernels;

/// <summary>A kernel that can be booted.</summary>
/// <param name="Image">A bzImage.</param>
/// <param name="Name">How reports name it.</param>
/// <param name="Release">"7.3.4+deb13-cloud-amd64".</param>
/// <param name="Symbols">Where its functions lie when it is not moved; null: nobody knows, and it has no TDX
/// host.</param>
public sealed record GuestKernel(string Image, string Name, string Release, SymbolTable? Symbols)
{
    /// <summary>Files of modules that were built with it.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>It can initialise TDX.</summary>
    public bool HasTdx => Symbols?.Find("tdx_enable") is not null;

    /// <summary>The decisions of its release.</summary>
    /// <exception cref="GuestException">Nobody knows them.</exception>
    public KernelPolicy PolicyOfRelease() =>
        HostProfile.OfRelease(Release)?.Policy
        ?? throw new GuestException($"{Name}: expected a release from 6.8 on, got {Release}");
}
