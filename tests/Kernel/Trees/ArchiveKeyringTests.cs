// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>Which keys an archive's lists must be signed with.</summary>
public sealed class ArchiveKeyringTests
{
    [Fact]
    public void WhatTheSystemsSourcesNameComesFirst()
    {
        using var place = new Workplace();
        place.Write(".", "own.gpg", "");
        place.Write(".", "debian.gpg", "");
        var (own, debian, gone) = (place.At("own.gpg"), place.At("debian.gpg"), place.At("gone.gpg"));
        Assert.Equal(own, ArchiveKeyring.Of(own, [debian]));
        Assert.Equal($"{own} {debian}", ArchiveKeyring.Of($"{own} {debian}", [debian]));
        Assert.Equal("4D64FEC119C2029067D6E791F8D2585B8783D481", ArchiveKeyring.Of("4D64FEC119C2029067D6E791F8D2585B8783D481", [debian]));
        Assert.Equal("\n -----BEGIN PGP PUBLIC KEY BLOCK-----", ArchiveKeyring.Of("\n -----BEGIN PGP PUBLIC KEY BLOCK-----", [debian]));
        Assert.Equal(debian, ArchiveKeyring.Of("", [gone, debian]));
        Assert.Equal(debian, ArchiveKeyring.Of(gone, [debian]));
    }

    [Fact]
    public void WithoutAKeyringNothingIsFetched()
    {
        using var place = new Workplace();
        var (own, debian) = (place.At("own.gpg"), place.At("debian.gpg"));
        Assert.Equal($"expected the keyring of Debian's archive, but there is no {debian}: apt install debian-archive-keyring", Failure("", debian));
        Assert.Equal($"expected the keyring of Debian's archive, but there is no {own}: apt install debian-archive-keyring", Failure(own, debian));
    }

    private static string Failure(string signedBy, string ofDebian) =>
        Assert.Throws<KernelTreeException>(() => ArchiveKeyring.Of(signedBy, [ofDebian])).Message;
}
