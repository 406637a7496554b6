// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>What "apt-cache policy" prints.</summary>
public sealed class AptPolicyTests
{
    [Fact]
    public void TheCandidateOfEachPackageIsRead() => Assert.Equal(
        ["linux-source-6.1 6.1.192-2", "linux-source-6.12 6.12.115-2~deb12u1"],
        Read("""
            linux-source-6.1:
              Installed: (none)
              Candidate: 6.1.192-2
              Version table:
                 6.1.192-2 500
                    500 http://archive.example/debian-security bookworm-security/main amd64 Packages
                 6.1.190-1 500
                    500 http://archive.example/debian bookworm/main amd64 Packages
            linux-source-6.12:
              Installed: 6.12.107-1~deb12u1
              Candidate: 6.12.115-2~deb12u1
              Version table:
                 6.12.117-1~deb12u1 -1
                    500 http://archive.example/debian-security bookworm-security/main amd64 Packages
                 6.12.115-2~deb12u1 990
                    500 http://archive.example/debian-security bookworm-security/main amd64 Packages
             *** 6.12.107-1~deb12u1 100
                    100 /var/lib/dpkg/status
            linux-source-6.99-rt:
              Installed: (none)
              Candidate: 6.99.1-1
              Version table:
                 6.99.1-1 500
                    500 http://archive.example/debian sid/main amd64 Packages
            """));

    [Fact]
    public void EveryVersionOfAnArchiveIsReadWhenThatIsWanted() => Assert.Equal(
        ["linux-source-7.2 7.2.11-1~bpo13+1", "linux-source-7.2 7.2.9-1~bpo13+1"],
        AptPolicy.Read(
            """
            linux-source-7.2:
              Installed: 7.2.6-1~bpo13+1
              Candidate: 7.2.6-1~bpo13+1
              Version table:
                 7.2.11-1~bpo13+1 100
                    100 http://archive.example/debian trixie-backports/main amd64 Packages
                 7.2.9-1~bpo13+1 -1
                     -1 http://archive.example/debian trixie-backports/main amd64 Packages
             *** 7.2.6-1~bpo13+1 100
                    100 /var/lib/dpkg/status
            """,
            everyVersion: true).Select(static s => s.ToString()));

    [Fact]
    public void WhatIsInstalledMustAlsoBeInAnArchive()
    {
        Assert.Empty(Read("""
            linux-source-6.12:
              Installed: 6.12.107-1
              Candidate: 6.12.107-1
              Version table:
             *** 6.12.107-1 100
                    100 /var/lib/dpkg/status
            """));
        Assert.Equal(["linux-source-6.12 6.12.107-1"], Read("""
            linux-source-6.12:
              Installed: 6.12.107-1
              Candidate: 6.12.107-1
              Version table:
             *** 6.12.107-1 500
                    500 http://archive.example/debian sid/main amd64 Packages
                    100 /var/lib/dpkg/status
            """));
    }

    [Fact]
    public void NothingIsReadFromNothing()
    {
        Assert.Empty(Read(""));
        Assert.Empty(Read("linux-source-6.12:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n"));
        Assert.Empty(Read("  Candidate: 1\n     1 500\n        500 x\n:\n"));
    }

    private static string[] Read(string text) => [.. AptPolicy.Read(text).Select(static s => s.ToString())];
}
