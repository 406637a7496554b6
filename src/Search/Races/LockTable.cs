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

    /// <summary>
    /// True when something changes if the task tries: it gets the lock, or keeps readers out from then on.
    /// </summary>
    public bool CanTry(HostLock which, int task) =>
        IsFree(which, task) || (which == HostLock.MemHotplugWrite && _waiting == Nobody);

    public bool TryTake(HostLock which, int task)
    {
        var isFree = IsFree(which, task);
        if (isFree)
        {
            Set(which, task, readers: 1);
            _waiting = which == HostLock.MemHotplugWrite ? Nobody : _waiting;
        }
        else if (which == HostLock.MemHotplugWrite && _waiting == Nobody)
        {
            _waiting = task;
        }

        return isFree;
    }

    public void Release(HostLock which) => Set(which, Nobody, readers: -1);

    private void Set(HostLock which, int holder, int readers)
    {
        _owner = which == HostLock.TdxModule ? holder : _owner;
        _writer = which == HostLock.MemHotplugWrite ? holder : _writer;
        _readers += which == HostLock.MemHotplugRead ? readers : 0;
    }

    private bool IsFree(HostLock which, int task) => which switch
    {
        HostLock.TdxModule => !locks.HasModuleLock || _owner == Nobody,
        _ when !locks.HasMemHotplugLock => true,
        HostLock.MemHotplugRead => _writer == Nobody && _waiting == Nobody,
        _ => _readers <= 0 && _writer == Nobody && (_waiting == Nobody || _waiting == task),
    };
}
