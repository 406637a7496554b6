// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>Error numbers that the path returns, positive as in errno.h.</summary>
public static class Errno
{
    /// <summary>EPERM.</summary>
    public const int Eperm = 1;

    /// <summary>ENOENT.</summary>
    public const int Enoent = 2;

    /// <summary>EINTR.</summary>
    public const int Eintr = 4;

    /// <summary>EIO.</summary>
    public const int Eio = 5;

    /// <summary>E2BIG.</summary>
    public const int E2big = 7;

    /// <summary>EAGAIN.</summary>
    public const int Eagain = 11;

    /// <summary>ENOMEM.</summary>
    public const int Enomem = 12;

    /// <summary>EACCES.</summary>
    public const int Eacces = 13;

    /// <summary>EBUSY.</summary>
    public const int Ebusy = 16;

    /// <summary>EEXIST.</summary>
    public const int Eexist = 17;

    /// <summary>ENODEV.</summary>
    public const int Enodev = 19;

    /// <summary>EINVAL.</summary>
    public const int Einval = 22;

    /// <summary>ENOSPC.</summary>
    public const int Enospc = 28;

    /// <summary>EOPNOTSUPP.</summary>
    public const int Eopnotsupp = 95;

    /// <summary>EHWPOISON.</summary>
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
        Ebusy => "-EBUSY",
        Eexist => "-EEXIST",
        Enodev => "-ENODEV",
        Einval => "-EINVAL",
        Enospc => "-ENOSPC",
        Eopnotsupp => "-EOPNOTSUPP",
        Ehwpoison => "-EHWPOISON",
        _ => errno.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
