// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TdxVerify.Scenarios.Input;

/// <summary>A copy of /sys/devices/system/memory (or the folder itself), read as the lines that "grep -r ." would
/// print.</summary>
internal static class SysfsFolder
{
    private const string BlockSize = "block_size_bytes";

    public static bool Is(string path) => File.Exists(Path.Combine(path, BlockSize));

    public static Stream Open(string path)
    {
        var text = new StringBuilder();
        text.Append(BlockSize).Append(' ').Append(First(path, BlockSize)).Append('\n');
        var blocks = Directory.GetDirectories(path, "memory*");
        Array.Sort(blocks, StringComparer.Ordinal);
        foreach (var block in blocks)
        {
            var nodes = Directory.GetFileSystemEntries(block, "node*").Select(static n => Path.GetFileName(n)[4..]);
            text.Append(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(block)} phys_index={First(block, "phys_index")} state={First(block, "state")}");
            text.Append(string.Concat(nodes.Select(static n => " node=" + n))).Append('\n');
        }

        return new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static string First(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        return File.Exists(path) ? File.ReadLines(path).FirstOrDefault("").Trim() : "";
    }
}
