// SPDX-License-Identifier: MIT

using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace TdxVerify.Subjects.Guest.Machines;

/// <summary>The file system that a virtual machine starts with: the agent as /init, a console, and modules of the
/// kernel, as cpio(5) "newc", compressed.</summary>
internal static class Initramfs
{
    private const int Executable = 0x81ED;
    private const int CharacterDevice = 0x2180;
    private const int Folder = 0x41ED;

    /// <summary>Where modules lie.</summary>
    public static string PathOf(string module) => "/modules/" + Path.GetFileName(module);

    public static void Write(string file, byte[] agent, IReadOnlyList<string> modules)
    {
        using var target = File.Create(file);
        using var gzip = new GZipStream(target, CompressionLevel.Fastest);
        Append(gzip, "dev", Folder, [], 0, 0);
        Append(gzip, "dev/console", CharacterDevice, [], 5, 1);
        Append(gzip, "init", Executable, agent, 0, 0);
        Append(gzip, "modules", Folder, [], 0, 0);
        foreach (var module in modules)
            Append(gzip, PathOf(module)[1..], Executable, File.ReadAllBytes(module), 0, 0);

        Append(gzip, "TRAILER!!!", 0, [], 0, 0);
    }

    private static void Append(Stream stream, string name, int mode, byte[] content, int major, int minor)
    {
        // c_ino, c_mode, c_uid, c_gid, c_nlink, c_mtime, c_filesize, four device numbers, c_namesize, c_check.
        int[] fields = [name.Length, mode, 0, 0, 1, 0, content.Length, 0, 0, major, minor, name.Length + 1, 0];
        var header = new StringBuilder("070701");
        foreach (var field in fields)
            header.Append(field.ToString("x8", CultureInfo.InvariantCulture));

        header.Append(name).Append('\0');
        Pad(header);
        stream.Write(Encoding.ASCII.GetBytes(header.ToString()));
        stream.Write(content);
        stream.Write(new byte[-content.Length & 3]);
    }

    private static void Pad(StringBuilder header)
    {
        while ((header.Length & 3) != 0)
            header.Append('\0');
    }
}
