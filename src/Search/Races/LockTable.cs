// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Races;

/// <summary>
/// Who holds tdx_module_lock, a mutex, and mem_hotplug_lock, a percpu-rwsem: while somebody waits to write, nobody
/// comes in to read.
/// </summary>
/// <param name="locks">Which of them exclude anybody.</param>
internal sealed class LockTable(RaceLocks locks)
{
    private const int Nobody = 0;

    private int _owner;
    private int _readers;
    private int _writer;
    private int _waiting;

    public void Clear() => _owner = _readers = _writer = _waiting = Nobody;

    /// <summary>True when something changes if the task tries: it gets the lock, or from then on it keeps readers
    /// out.</summary>
    public bool CanTry(HostLock which, int task) =>
        IsFree(which, task) || (which == HostLock.MemHotplugWrite && _waiting == Nobody);

    public bool TryTake(HostLock which, int task)
    {
        var isFree = IsFree(which, task);
        switch (which)
        {
            case HostLock.TdxModule when isFree:
                _owner = task;
                break;
            case HostLock.MemHotplugRead when isFree:
                _readers++;
                break;
            case HostLock.MemHotplugWrite when isFree:
                (_writer, _waiting) = (task, Nobody);
                break;
            case HostLock.MemHotplugWrite:
                _waiting = _waiting == Nobody ? task : _waiting;
                break;
        }

        return isFree;
    }

    public void Release(HostLock which)
    {
        switch (which)
        {
            case HostLock.TdxModule:
                _owner = Nobody;
                break;
            case HostLock.MemHotplugRead:
                _readers--;
                break;
            case HostLock.MemHotplugWrite:
                _writer = Nobody;
                break;
        }
    }

    private bool IsFree(HostLock which, int task) => which switch
    {
        HostLock.TdxModule => !locks.HasModuleLock || _owner == Nobody,
        _ when !locks.HasMemHotplugLock => true,
        HostLock.MemHotplugRead => _writer == Nobody && _waiting == Nobody,
        _ => _readers <= 0 && _writer == Nobody && (_waiting == Nobody || _waiting == task),
    };
}
