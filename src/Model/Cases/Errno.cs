// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Cases;

/// <summary>Error numbers that the path returns, positive as in errno.h.</summary>
public static class Errno
{
    /// <summary>EPERM.</summary>
    public const int Eperm = 1;

    /// <summary>EIO.</summary>
    public const int Eio = 5;

    /// <summary>ENOMEM.</summary>
    public const int Enomem = 12;

    /// <summary>EACCES.</summary>
    public const int Eacces = 13;

    /// <summary>ENODEV.</summary>
    public const int Enodev = 19;

    /// <summary>EINVAL.</summary>
    public const int Einval = 22;

    /// <summary>ENOSPC.</summary>
    public const int Enospc = 28;

    /// <summary>EOPNOTSUPP.</summary>
    public const int Eopnotsupp = 95;

    /// <summary>"-ENOSPC" for -28, "0" for 0, the number for one that the path never returns.</summary>
    public static string Name(int errno) => -errno switch
    {
        0 => "0",
        Eperm => "-EPERM",
        Eio => "-EIO",
        Enomem => "-ENOMEM",
        Eacces => "-EACCES",
        Enodev => "-ENODEV",
        Einval => "-EINVAL",
        Enospc => "-ENOSPC",
        Eopnotsupp => "-EOPNOTSUPP",
        _ => errno.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
