// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;

namespace TdxVerify.Tests.Unit.Core.Cases;

public sealed class NotifierVerdictTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(NotifierVerdict.Ok, 0)]
    [InlineData(0x8000, 0)]
    [InlineData(NotifierVerdict.Bad, -Errno.Eperm)]
    [InlineData(0x8000 | (1 + Errno.Enomem), -Errno.Enomem)]
    [InlineData(-Errno.Einval, 0)]
    public void AVerdictIsTheErrnoThatTheKernelMakesOfIt(int verdict, int errno) =>
        Assert.Equal(errno, NotifierVerdict.ToErrno(verdict));
}
