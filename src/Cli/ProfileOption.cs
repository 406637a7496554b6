// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Cli;

/// <summary>--profile: the kernel's rules, by name or by a mainline release.</summary>
internal static class ProfileOption
{
    private static readonly string Names = string.Join(", ", HostProfile.All.Select(static p => p.Name));

    public static Option<HostProfile?> Create() => new("--profile")
    {
        Description = $"the kernel's rules: a release of mainline (7.3), or {Names}",
        HelpName = "P",
        CustomParser = static result =>
        {
            var profile = HostProfile.Find(result.Tokens[0].Value);
            if (profile is null)
                result.AddError($"--profile takes a release from 6.8 on, or {Names}, not '{result.Tokens[0].Value}'");

            return profile;
        },
    };
}
