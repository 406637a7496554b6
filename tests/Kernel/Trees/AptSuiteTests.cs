// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>Lists of our own, fetched by the system's apt from an archive that is a folder.</summary>
public sealed class AptSuiteTests : IDisposable
{
    private const string Old = "linux-source-7.2_7.2.9-1~bpo13+1";
    private const string New = "linux-source-7.3_7.3.4-1~bpo13+1";

    private readonly Workplace _place = new();
    private readonly SignedArchive _archive;

    public AptSuiteTests()
    {
        Assert.SkipUnless(_place.Has("apt-get && command -v dpkg-deb && command -v gpg"), "no apt, dpkg or gpg on this machine");
        _archive = new SignedArchive(_place);
        _archive.Publish("trixie-backports", Old, New);
    }

    private string Own => Path.Combine(_place.Cache, "apt");

    private string Stamp => Path.Combine(Own, "fetched.sources");

    public void Dispose() => _place.Dispose();

    [Fact]
    public void ASuiteThatAptDoesNotKnowIsFetchedFromItsArchive()
    {
        var suite = Suite();
        Assert.Null(suite.Known(CancellationToken.None));
        Assert.Equal([Old, New], Keys(suite.Refresh(CancellationToken.None)));
        var file = suite.Download(DebianSource.FromKey(New)!, Directory.CreateDirectory(_place.At("down")).FullName, CancellationToken.None);
        Assert.Equal("7.3.4-1~bpo13+1\n", _place.Run("dpkg-deb", "--field", file, "Version"));
    }

    [Fact]
    public void ListsAreKnownForADay()
    {
        Suite().Refresh(CancellationToken.None);
        _archive.Publish("trixie-backports", New);
        Assert.Equal([Old, New], Keys(Suite().Known(CancellationToken.None)));

        File.SetLastWriteTimeUtc(Stamp, DateTime.UtcNow - AptSuite.MaxAge + TimeSpan.FromMinutes(5));
        Assert.NotNull(Suite().Known(CancellationToken.None));
        File.SetLastWriteTimeUtc(Stamp, DateTime.UtcNow - AptSuite.MaxAge - TimeSpan.FromMinutes(5));
        Assert.Null(Suite().Known(CancellationToken.None));
        File.SetLastWriteTimeUtc(Stamp, DateTime.UtcNow + TimeSpan.FromDays(2));
        Assert.Null(Suite().Known(CancellationToken.None));
        Assert.Equal([New], Keys(Suite().Refresh(CancellationToken.None)));
        Assert.Equal([New], Keys(Suite().Known(CancellationToken.None)));
    }

    [Fact]
    public void ListsOfAnotherMirrorAreNot()
    {
        Suite().Refresh(CancellationToken.None);
        Assert.Null(Suite(line: _archive.Line().Replace("/debian ", "/debian/ ", StringComparison.Ordinal)).Known(CancellationToken.None));
    }

    [Fact]
    public void ASuiteThatTheArchiveLacksIsRemembered()
    {
        var foo = Suite("foo");
        const string line = "expected a suite of Debian's archive (as trixie-backports) or a release (as 7.3), got 'foo', which the archive of apt's sources doesn't have";
        Assert.Null(foo.Known(CancellationToken.None));
        Assert.Equal(line, Missing(() => foo.Refresh(CancellationToken.None)));
        Assert.Equal(line, Missing(() => foo.Known(CancellationToken.None)));
        _archive.Publish("foo", New);
        Assert.Equal([New], Keys(foo.Refresh(CancellationToken.None)));
        Assert.Equal([New], Keys(foo.Known(CancellationToken.None)));
    }

    [Theory]
    [InlineData("signed-by=/usr/share/keyrings/debian-archive-keyring.gpg")]
    [InlineData("signed-by=/usr/share/keyrings/debian-archive-keyring.gpg trusted=yes allow-insecure=yes")]
    public void WhatIsSignedByAnotherKeyIsRefused(string options)
    {
        Assert.SkipUnless(File.Exists("/usr/share/keyrings/debian-archive-keyring.gpg"), "no keyring of Debian's archive on this machine");
        var suite = Suite(line: _archive.Line().Replace("signed-by=" + _archive.Keyring, options, StringComparison.Ordinal));
        Assert.StartsWith("apt-get failed: ", Failure(() => suite.Refresh(CancellationToken.None)), StringComparison.Ordinal);
        Assert.Null(suite.Known(CancellationToken.None));
        Assert.False(File.Exists(Stamp));
    }

    [Fact]
    public void WhatIsNotSignedIsRefusedWhateverTheSourcesSay()
    {
        File.Delete(_place.At("debian/dists/trixie-backports/InRelease"));
        var suite = Suite(line: _archive.Line().Replace("[", "[trusted=yes ", StringComparison.Ordinal));
        Assert.StartsWith("apt-get failed: E: The repository ", Failure(() => suite.Refresh(CancellationToken.None)), StringComparison.Ordinal);
        Assert.False(File.Exists(Stamp));
    }

    [Fact]
    public void SourcesThatNameNoArchiveAreTold()
    {
        Assert.Equal("expected apt's sources to name Debian's archive with its component main, but they don't", Failure(() => Suite(line: "").Refresh(CancellationToken.None)));
        Assert.Equal(
            "expected apt's sources to name Debian's archive of security updates, which has trixie-security, but they don't",
            Missing(() => Suite("trixie-security").Refresh(CancellationToken.None)));
        Assert.Null(Suite(line: "").Known(CancellationToken.None));
    }

    [Fact]
    public void AnArchiveThatCanNotBeReachedIsTold() =>
        Assert.StartsWith("apt-get failed: E: ", Failure(() => Suite(line: $"deb [signed-by={_archive.Keyring}] http://127.0.0.1:9/debian trixie main").Refresh(CancellationToken.None)), StringComparison.Ordinal);

    [Fact]
    public void DebiansOwnArchiveIsFetchedWhenItCanBeReached()
    {
        Assert.SkipUnless(Directory.Exists("/etc/apt/sources.list.d") && File.Exists("/usr/share/keyrings/debian-archive-keyring.gpg"), "no Debian");
        var suite = new AptSuite(Own, "trixie-backports", new AptCalls());
        IReadOnlyList<DebianSource> known;
        try
        {
            known = suite.Refresh(CancellationToken.None);
        }
        catch (KernelTreeException problem)
        {
            Assert.Skip("Debian's archive can't be reached: " + problem.Message);
            return;
        }

        var newest = DebianSource.Newest(known)!;
        Assert.True(newest.IsOf(newest.Package[DebianSource.Prefix.Length..]));
        Assert.Contains("~bpo", newest.Version, StringComparison.Ordinal);
        Assert.Equal(known, suite.Known(CancellationToken.None));
    }

    private AptSuite Suite(string name = "trixie-backports", string? line = null) => new(Own, name, _archive.System(line ?? _archive.Line()));

    private static string[] Keys(IReadOnlyList<DebianSource>? sources) => [.. sources!.Select(static s => s.Key).Order(StringComparer.Ordinal)];

    private static string Failure(Action action) => Assert.Throws<KernelTreeException>(action).Message;

    private static string Missing(Action action)
    {
        var problem = Assert.Throws<KernelTreeException>(action);
        Assert.True(problem.IsSuiteMissing);
        return problem.Message;
    }
}
