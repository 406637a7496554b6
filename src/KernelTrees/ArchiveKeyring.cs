// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>The keys that an archive's lists must be signed with. Unsigned lists are never used.</summary>
public static class ArchiveKeyring
{
    /// <summary>Where Debian's package of keys puts them.</summary>
    public static IReadOnlyList<string> OfDebian { get; } =
        ["/usr/share/keyrings/debian-archive-keyring.gpg", "/usr/share/keyrings/debian-archive-keyring.pgp"];

    /// <summary>What a "Signed-By" field is to say.</summary>
    /// <param name="signedBy">What the system's own entry says; "" is nothing.</param>
    /// <param name="ofDebian">Keyrings that do when the entry names none, or none that is there.</param>
    /// <exception cref="KernelTreeException">No keyring is installed.</exception>
    public static string Of(string signedBy, IReadOnlyList<string> ofDebian)
    {
        // A key itself or a fingerprint is no path.
        string[] paths = signedBy.Length == 0
            ? [.. ofDebian]
            : [.. signedBy.Split((char[])[' ', '\t', '\n', ','], StringSplitOptions.RemoveEmptyEntries)
                .TakeWhile(static w => w[0] == '/')];
        return signedBy.Length > 0 && (paths.Length == 0 || Array.TrueForAll(paths, File.Exists)) ? signedBy
            : ofDebian.FirstOrDefault(File.Exists)
            ?? throw new KernelTreeException(
                $"expected the keyring of Debian's archive, but there is no {paths[0]}: apt install "
                    + $"debian-archive-keyring");
    }
}
