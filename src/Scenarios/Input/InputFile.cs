// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Input;

/// <summary>Files as a user names them: plain, gzip (told by content), "-" for standard input, or a folder.</summary>
public static class InputFile
{
    /// <summary>The name that means standard input.</summary>
    public const string StandardInput = "-";
    /// <summary>Uncompressed bytes that are read of one file; the rest of a longer one is not looked at.</summary>
    public const long MaxBytes = 1L << 30;

    /// <summary>The files behind a name, in ordinal order: itself, or all files below a folder.</summary>
    /// <exception cref="BadInputException">There is no such file or folder, or the folder is empty.</exception>
    public static IReadOnlyList<InputName> Expand(string path)
    {
        if (path == StandardInput || File.Exists(path))
            return [new InputName(path, IsNamed: true)];

        if (!Directory.Exists(path))
            throw new BadInputException(path, "no such file or folder");

        if (SysfsFolder.Is(path))
            return [new InputName(path, IsNamed: true)];

        var files = Directory.GetFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true });
        Array.Sort(files, StringComparer.Ordinal);
        return files.Length > 0
            ? Array.ConvertAll(files, static f => new InputName(f, IsNamed: false))
            : throw new BadInputException(path, "the folder has no files");
    }

    /// <summary>Opens a file for reading from its start; the stream may not be seekable.</summary>
    public static Stream Open(string path)
    {
        try
        {
            if (SysfsFolder.Is(path))
                return SysfsFolder.Open(path);

            var raw = path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
            var head = new PeekStream(raw);
            var text = head.StartsWith(0x1f, 0x8b) ? new PeekStream(new GunzipStream(head)) : head;
            return text.LooksBinary
                ? throw new BadInputException(path, "expected text or gzip, got binary data") { IsUnrecognised = true }
                : new BoundedStream(text, MaxBytes);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException(path, "no such file or folder");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new BadInputException(path, problem.Message);
        }
    }
}
