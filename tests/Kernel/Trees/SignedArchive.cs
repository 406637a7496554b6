// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Security.Cryptography;
using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>A small Debian archive in a folder, signed with a key of its own: the system's apt and gpg read it as they read any other.</summary>
internal sealed class SignedArchive
{
    private readonly Workplace _place;
    private readonly string _architecture;

    public SignedArchive(Workplace place)
    {
        _place = place;
        _architecture = place.Run("dpkg", "--print-architecture").Trim();
        Directory.CreateDirectory(Home);
        place.Run("chmod", "700", Home);
        Gpg("--quick-generate-key", "test@localhost", "ed25519", "sign", "never");
        Gpg("--output", Keyring, "--export");
    }

    public string Keyring => _place.At("keyring.gpg");

    /// <summary>Options of an apt whose sources are one line.</summary>
    public AptCalls System(string line)
    {
        File.WriteAllText(_place.At("system.list"), line + "\n");
        return new AptCalls("Dir::Etc::sourcelist=" + _place.At("system.list"), "Dir::Etc::sourceparts=-");
    }

    /// <summary>The line of sources that names this archive.</summary>
    public string Line(string suite = "trixie") => $"deb [signed-by={Keyring}] file:{_place.At("debian")} {suite} main";

    /// <summary>Publishes a suite with these packages alone. As backports do, it asks not to be preferred.</summary>
    public void Publish(string suite, params string[] keys)
    {
        var pool = Directory.CreateDirectory(_place.At("debian/pool")).FullName;
        var stanzas = keys.Select(key =>
        {
            var source = DebianSource.FromKey(key)!;
            var package = _place.MakePackage(source, pool);
            return string.Create(CultureInfo.InvariantCulture, $"""
                Package: {source.Package}
                Version: {source.Version}
                Architecture: all
                Maintainer: Test <test@localhost>
                Description: test
                Filename: pool/{Path.GetFileName(package)}
                Size: {new FileInfo(package).Length}
                SHA256: {Digest(package)}


                """);
        });
        _place.Write("debian/dists", $"{suite}/main/binary-{_architecture}/Packages", string.Concat(stanzas));
        var list = _place.At($"debian/dists/{suite}/main/binary-{_architecture}/Packages");
        _place.Write("debian/dists", suite + "/Release", string.Create(CultureInfo.InvariantCulture, $"""
            Origin: Debian
            Codename: {suite}
            Date: {DateTime.UtcNow.AddMinutes(-1):R}
            Architectures: all {_architecture}
            Components: main
            NotAutomatic: yes
            ButAutomaticUpgrades: yes
            SHA256:
             {Digest(list)} {new FileInfo(list).Length} main/binary-{_architecture}/Packages

            """).Replace("GMT", "UTC", StringComparison.Ordinal));
        File.Delete(_place.At($"debian/dists/{suite}/InRelease"));
        Gpg("--output", _place.At($"debian/dists/{suite}/InRelease"), "--clearsign", _place.At($"debian/dists/{suite}/Release"));
    }

    private string Home => _place.At("gnupg");

    private void Gpg(params string[] arguments) =>
        _place.Run("gpg", ["--homedir", Home, "--batch", "--quiet", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", "", .. arguments]);

    private static string Digest(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
