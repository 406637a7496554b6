// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>One process at a time. Whoever holds a turn holds a locked file, which the system unlocks when a process
/// dies.</summary>
public sealed class ProcessTurn : IDisposable
{
    private const int Locked = 11;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly FileStream _file;

    private ProcessTurn(FileStream file) => _file = file;

    /// <summary>Waits for a turn.</summary>
    /// <param name="path">The file; it is made when it is not there, and stays.</param>
    /// <param name="onWait">Called once when another process has it.</param>
    public static ProcessTurn Take(string path, Action onWait, CancellationToken token)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                return new ProcessTurn(
                    new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException problem) when (problem.HResult == Locked)
            {
                if (isFirst)
                    onWait();
            }

            token.WaitHandle.WaitOne(Pause);
            token.ThrowIfCancellationRequested();
        }
    }

    public void Dispose() => _file.Dispose();
}
