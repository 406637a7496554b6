// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>Two programs, the output of one being the input of the other.</summary>
public static class ChildPipe
{
    private const int BufferBytes = 1 << 17;

    /// <summary>Runs both to their end.</summary>
    /// <exception cref="KernelTreeException">One of them failed: the one that failed first.</exception>
    /// <exception cref="OperationCanceledException">They were killed.</exception>
    public static void Run(ChildProcess source, ChildProcess sink)
    {
        source.CloseInput();
        var isSinkGone = false;
        try
        {
            source.Output.CopyTo(sink.Input, BufferBytes);
            sink.Input.Flush();
        }
        catch (IOException)
        {
            // The source then fails as well, but by no fault of its own.
            isSinkGone = true;
            source.Kill();
        }

        sink.ReadOutput();
        var sourceEnd = source.End();
        var sinkEnd = sink.End();
        if (!isSinkGone)
            sourceEnd.Require();

        sinkEnd.Require();
    }
}
