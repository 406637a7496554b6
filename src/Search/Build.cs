// SPDX-License-Identifier: MIT

using System.Reflection;

namespace TdxVerify.Search;

/// <summary>Which tdxverify this is: seed and build together are the bug report.</summary>
public static class Build
{
    /// <summary>Version, with the commit where the build knows it.</summary>
    public static string Version { get; } =
        typeof(Build).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
