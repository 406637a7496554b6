// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

/// <summary>The environment of kernel code that runs in this process: what it asks is answered and recorded as the
/// model's host code's is.</summary>
internal sealed class KernelContext(HostEnvironment environment, RecordedSeamcall seamcall)
{
    private const int KernError = 3;

    // Kernel code hands the same pointer every time.
    private readonly Dictionary<nint, (MessageTemplate? Known, ulong Number)> _formats = [];

    private readonly Dictionary<ulong, string> _texts = [];

    public bool IsSilent { get; set; }

    /// <summary>What went wrong in here; it can't be thrown through kernel code.</summary>
    public Exception? Failure { get; set; }

    public HostEnvironment Environment => environment;

    /// <summary>Offset of the instruction that did the first thing it must not; 0: none did.</summary>
    public ulong FirstMisuse { get; private set; }

    /// <summary>Another boot.</summary>
    public void Restart()
    {
        Failure = null;
        FirstMisuse = 0;
    }

    public void NoteMisuse(Misuse what, ulong instruction)
    {
        FirstMisuse = FirstMisuse == 0 ? instruction : FirstMisuse;
        environment.NoteMisuse(what);
    }

    public ulong Seamcall(int cpu, ulong leaf, ref NativeRegisters native, out bool stops)
    {
        var registers = new SeamcallRegisters(native.Rcx, native.Rdx, native.R8, native.R9, native.R10, native.R11);
        stops = false;
        try
        {
            var array = KernelMemory.NameOf(leaf, native.Rcx);
            var status = seamcall.Call(cpu, leaf, ref registers, array);
            native = new NativeRegisters
            {
                Rcx = registers.Rcx,
                Rdx = registers.Rdx,
                R8 = registers.R8,
                R9 = registers.R9,
                R10 = registers.R10,
                R11 = registers.R11
            };
            stops = environment.Trace.IsEndless;
            return status;
        }
#pragma warning disable CA1031 // Raised again when kernel code has been left.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failure = failure;
            stops = true;
            return 0;
        }
    }

    /// <summary>printk().</summary>
    public void Log(int level, nint format, ReadOnlySpan<ulong> arguments)
    {
        if (IsSilent)
            return;

        if (!_formats.TryGetValue(format, out var seen))
        {
            var text = KernelMessages.Plain(Marshal.PtrToStringUTF8(format) ?? "");
            seen = (KernelMessages.Recognise(text), NumberOf(text));
            _formats.Add(format, seen);
            _texts[seen.Number] = text;
        }

        var logLevel = (LogLevel)Math.Clamp(level - KernError, 0, (int)LogLevel.Info);
        if (seen.Known?.Level == logLevel)
            environment.Log(seen.Known.Line, At(arguments, 0), At(arguments, 1), At(arguments, 2));
        else
            environment.Log(KernelLine.Other, (ulong)logLevel, seen.Number, At(arguments, 0));
    }

    /// <summary>The format of a line that no release has; null: it was never printed.</summary>
    public string? TextOf(ulong number) => _texts.GetValueOrDefault(number);

    /// <summary>A number that stands for a text, the same on every machine (FNV-1a).</summary>
    private static ulong NumberOf(string text)
    {
        var number = 14695981039346656037;
        foreach (var character in text)
            number = unchecked((number ^ character) * 1099511628211);

        return number;
    }

    private static ulong At(ReadOnlySpan<ulong> arguments, int index) =>
        index < arguments.Length ? arguments[index] : 0;
}
