// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>Error numbers that the path returns, positive as in errno.h.</summary>
public static class Errno
{
    public const int Eperm = 1;
    public const int Enoent = 2;
    public const int Eintr = 4;
    public const int Eio = 5;
    public const int E2big = 7;
    public const int Eagain = 11;
    public const int Enomem = 12;
    public const int Eacces = 13;
    public const int Efault = 14;
    public const int Ebusy = 16;
    public const int Eexist = 17;
    public const int Enodev = 19;
    public const int Einval = 22;
    public const int Enospc = 28;
    public const int Erange = 34;
    public const int Eopnotsupp = 95;
    public const int Ehwpoison = 133;

    /// <summary>"-ENOSPC" for -28, "0" for 0, the number for one that the path never returns.</summary>
    public static string Name(int errno) => -errno switch
    {
        0 => "0",
        Eperm => "-EPERM",
        Enoent => "-ENOENT",
        Eintr => "-EINTR",
        Eio => "-EIO",
        E2big => "-E2BIG",
        Eagain => "-EAGAIN",
        Enomem => "-ENOMEM",
        Eacces => "-EACCES",
        Efault => "-EFAULT",
        Ebusy => "-EBUSY",
        Eexist => "-EEXIST",
        Enodev => "-ENODEV",
        Einval => "-EINVAL",
        Enospc => "-ENOSPC",
        Erange => "-ERANGE",
        Eopnotsupp => "-EOPNOTSUPP",
        Ehwpoison => "-EHWPOISON",
        _ => errno.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
