// SPDX-License-Identifier: MIT

using System.IO.MemoryMappedFiles;
using System.Text;

namespace TdxVerify.Search.Workers;

/// <summary>What a worker is doing, in memory that outlives it: the kernel keeps the page whatever kills the
/// process.</summary>
public sealed unsafe class Journal : IDisposable
{
    private const int Bytes = 4096;

    // Where each number lies: the case, what is done with it, how many steps were noted.
    private const int CaseAt = 0;
    private const int StateAt = 1;
    private const int HeartbeatAt = 2;
    private const int LengthAt = 3;
    private const int TextAt = 4 * sizeof(ulong);
    private const ulong Idle = 0;
    private const ulong Running = 1;
    private const ulong Trying = 2;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly ulong* _words;

    /// <summary>Opens a journal, and makes it where there is none.</summary>
    public Journal(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Bytes);
        _view = _file.CreateViewAccessor(0, Bytes);
        byte* first = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        _words = (ulong*)first;
    }

    /// <summary>What runs the same cases again, for whoever finds the journal of a search that is gone; cut when it is
    /// longer than the page.</summary>
    public string Search
    {
        get => Encoding.UTF8.GetString((byte*)_words + TextAt, (int)Math.Min(_words[LengthAt], Bytes - TextAt));
        set
        {
            var text = Encoding.UTF8.GetBytes(value);
            var length = Math.Min(text.Length, Bytes - TextAt);
            text.AsSpan(0, length).CopyTo(new Span<byte>((byte*)_words + TextAt, length));
            _words[LengthAt] = (ulong)length;
        }
    }

    /// <summary>The numbered case that is being run, or null.</summary>
    public ulong? Case => Volatile.Read(ref _words[StateAt]) == Running ? Volatile.Read(ref _words[CaseAt]) : null;

    /// <summary>True while a scenario is tried that the parent has sent.</summary>
    public bool IsTrying => Volatile.Read(ref _words[StateAt]) == Trying;

    /// <summary>Grows with everything that is noted: a worker that lives beats.</summary>
    public ulong Heartbeat => Volatile.Read(ref _words[HeartbeatAt]);

    public void Begin(ulong index)
    {
        Volatile.Write(ref _words[CaseAt], index);
        Note(Running);
    }

    /// <summary>A scenario that the parent has sent begins.</summary>
    public void BeginTrial() => Note(Trying);

    public void End() => Note(Idle);

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private void Note(ulong state)
    {
        Volatile.Write(ref _words[StateAt], state);
        Volatile.Write(ref _words[HeartbeatAt], _words[HeartbeatAt] + 1);
    }
}
