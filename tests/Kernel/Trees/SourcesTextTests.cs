// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>apt's sources in both formats, and which entry of them is Debian's archive.</summary>
public sealed class SourcesTextTests
{
    private const string Keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

    [Fact]
    public void OneLineIsOneSource() => Assert.Equal(
        [
            "http://mirror.example/debian/ | trixie | main contrib | ",
            $"https://mirror.example/debian | trixie-updates | main | {Keyring}",
            "mirror+file:/etc/apt/mirrors/debian.list | trixie | main | /a.gpg /b.gpg",
            "http://flat.example | ./ |  | ",
        ],
        Shown(SourcesText.ReadList($"""
            # deb http://off.example/debian trixie main
            deb http://mirror.example/debian/ trixie main contrib # mine
            deb-src http://mirror.example/debian/ trixie main
              deb  [ arch=amd64,i386  signed-by={Keyring} trusted=yes ]	https://mirror.example/debian   trixie-updates main
            deb [Signed-By=/a.gpg,/b.gpg]mirror+file:/etc/apt/mirrors/debian.list trixie main
            deb http://flat.example ./
            deb
            nonsense

            """)));

    [Fact]
    public void AStanzaIsASourceAnArchive() => Assert.Equal(
        [
            $"http://one.example/debian | trixie trixie-updates | main contrib | {Keyring}",
            $"http://two.example/debian | trixie trixie-updates | main contrib | {Keyring}",
            "http://last.example/debian | sid | main | ",
        ],
        Shown(SourcesText.ReadStanzas($"""
            # a comment
            Types: deb deb-src
            # within
            URIs: http://one.example/debian http://two.example/debian
            Suites: trixie
             trixie-updates
            components: main contrib
            Signed-By: {Keyring}

            Types: deb-src
            URIs: http://source.example/debian
            Suites: trixie
            Components: main


            Enabled: No
            Types: deb
            URIs: http://off.example/debian
            Suites: trixie
            Components: main

            Types: deb
            URIs: http://last.example/debian
            Suites: sid
            Components: main
            Enabled: yes
            """)));

    [Fact]
    public void AKeyInAStanzaStaysAsItIs()
    {
        const string key = "\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBGPL\n -----END PGP PUBLIC KEY BLOCK-----";
        Assert.Equal(key, Assert.Single(SourcesText.ReadStanzas($"Types: deb\nURIs: http://a.example/debian\nSuites: sid\nComponents: main\nSigned-By:{key}\n")).SignedBy);
    }

    [Fact]
    public void DebiansArchiveIsFoundAmongOthers()
    {
        var entries = SourcesText.ReadList($"""
            deb cdrom:[Debian]/ trixie main
            deb [signed-by=/usr/share/keyrings/other.gpg] https://other.example/debian stable main
            deb https://unsigned.example/linux trixie main
            deb [signed-by={Keyring}] http://mirror.example/contrib trixie contrib
            deb [signed-by={Keyring}] http://mirror.example/pool trixie main
            deb [signed-by={Keyring}] http://second.example/pool trixie main
            deb [signed-by={Keyring}] http://mirror.example/security trixie-security main
            """);
        Assert.Equal("http://mirror.example/pool", SourcesEntry.OfDebian(entries, security: false)!.Archive);
        Assert.Equal("http://mirror.example/security", SourcesEntry.OfDebian(entries, security: true)!.Archive);
    }

    [Theory]
    [InlineData("deb https://other.example/apt stable main", "deb http://mirror.example/debian trixie main")]
    [InlineData("deb [signed-by=/k/other.gpg] https://other.example/debian stable main", "deb http://mirror.example/debian trixie main")]
    [InlineData("deb [signed-by=/k/other.gpg] https://other.example/tool stable main", "deb [signed-by=/k/company.gpg] http://mirror.example/debian trixie main")]
    public void WhatLooksMoreLikeItIsTaken(string other, string mirror)
    {
        var entries = SourcesText.ReadList(other + "\n" + mirror + "\n");
        Assert.Equal("http://mirror.example/debian", SourcesEntry.OfDebian(entries, security: false)!.Archive);
        Assert.Equal("http://mirror.example/debian", SourcesEntry.OfDebian(entries.Reverse(), security: false)!.Archive);
        Assert.Null(SourcesEntry.OfDebian(entries, security: true));
    }

    private static string[] Shown(IEnumerable<SourcesEntry> entries) =>
        [.. entries.Select(static e => $"{e.Archive} | {string.Join(' ', e.Suites)} | {string.Join(' ', e.Components)} | {e.SignedBy}")];
}
