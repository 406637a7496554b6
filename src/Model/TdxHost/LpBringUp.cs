// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>tdx_cpu_enable() behind the gates: TDH.SYS.INIT once, TDH.SYS.LP.INIT on every logical
/// processor.</summary>
internal sealed class LpBringUp(HostEnvironment environment, SeamcallPort port)
{
    private const int BitsPerWord = 64;

    private ulong[] _initialized = new ulong[1];
    private bool _sysinitDone;
    private int _sysinitResult;

    public void Reset()
    {
        Array.Clear(_initialized);
        _sysinitDone = false;
        _sysinitResult = 0;
    }

    public int Enable(int lp)
    {
        if (IsInitialized(lp))
            return 0;

        var error = InitModuleGlobal(lp);
        return error == 0 ? InitLp(lp) : error;
    }

    /// <summary>tdx_lp_initialized.</summary>
    public bool IsInitialized(int lp) =>
        lp / BitsPerWord < _initialized.Length && (_initialized[lp / BitsPerWord] & Bit(lp)) != 0;

    /// <summary>TDH.SYS.LP.INIT.</summary>
    public int InitLp(int lp)
    {
        var error = port.Call(lp, SeamcallLeaf.SysLpInit, default);
        if (error != 0)
            return error;

        if (lp / BitsPerWord >= _initialized.Length)
            Array.Resize(ref _initialized, (lp / BitsPerWord) + 1);

        _initialized[lp / BitsPerWord] |= Bit(lp);
        return 0;
    }

    /// <summary>try_init_module_global(): once, and its result is kept.</summary>
    public int InitModuleGlobal(int lp)
    {
        environment.Lock(HostLock.Sysinit);
        if (!_sysinitDone)
        {
            _sysinitResult = port.Call(lp, SeamcallLeaf.SysInit, default);
            if (_sysinitResult == -Errno.Enodev)
                environment.Log(KernelLine.ModuleNotLoaded);

            _sysinitDone = true;
        }

        environment.Unlock(HostLock.Sysinit);
        return _sysinitResult;
    }

    private static ulong Bit(int lp) => 1UL << (lp % BitsPerWord);
}
