// SPDX-License-Identifier: MIT

using System.Reflection;

namespace TdxVerify.Search;

/// <summary>Which tdxverify this is: seed and build together are the bug report.</summary>
public static class ProductVersion
{
    /// <summary>Version, with the commit where the build knows it.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
