// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Text;

namespace TdxVerify.Subjects.Guest.Kernels;

/// <summary>A bzImage: the setup header of Documentation/arch/x86/boot.rst.</summary>
internal static class BootImage
{
    private const int MagicAt = 0x202;
    private const int VersionAt = 0x20e;
    private const int SetupStart = 0x200;
    private const int MaxSetup = 1 << 15;
    private const int MaxVersion = 256;

    /// <summary>True when a file starts as one does.</summary>
    public static bool IsOne(string file) => Head(file) is var head && HasMagic(head);

    /// <summary>"7.3.4+deb13-cloud-amd64": what "Linux version" will say.</summary>
    /// <exception cref="GuestException">It is no bzImage, or names no release.</exception>
    public static string ReleaseOf(string file)
    {
        var head = Head(file);
        if (HasMagic(head))
        {
            var at = SetupStart + BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(VersionAt));
            var text = Encoding.ASCII.GetString(head, at, Math.Max(0, Math.Min(MaxVersion, head.Length - at)));
            var release = text.Split(' ', '\0')[0];
            if (release.Length > 0)
                return release;
        }

        throw new GuestException($"{file}: expected a bzImage that names its release");
    }

    private static byte[] Head(string file)
    {
        using var content = File.OpenRead(file);
        var head = new byte[MaxSetup];
        var count = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head[..count];
    }

    private static bool HasMagic(byte[] head) =>
        head.Length > VersionAt + 1 && head.AsSpan(MagicAt).StartsWith("HdrS"u8);
}
