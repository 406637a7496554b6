// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>tdx_cpu_enable() behind the gates: TDH.SYS.INIT once, TDH.SYS.LP.INIT on every logical
/// processor.</summary>
internal sealed class LpBringUp(HostEnvironment environment, SequenceRules rules, SeamcallPort port)
{
    private const int BitsPerWord = 64;

    private ulong[] _done = new ulong[1];
    private bool _sysinitDone;
    private int _sysinitResult;

    public void Reset()
    {
        Array.Clear(_done);
        _sysinitDone = false;
        _sysinitResult = 0;
    }

    public int Enable(int lp)
    {
        if (lp / BitsPerWord >= _done.Length)
            Array.Resize(ref _done, (lp / BitsPerWord) + 1);

        ref var word = ref _done[lp / BitsPerWord];
        var bit = 1UL << (lp % BitsPerWord);
        if ((word & bit) != 0 && !rules.ForgetsLps)
            return 0;

        var error = InitModuleGlobal(lp);
        error = error == 0 ? port.Call(lp, SeamcallLeaf.SysLpInit, default) : error;
        error = (rules.Ignores & IgnoredFailures.LpInit) == 0 ? error : 0;
        word |= error == 0 ? bit : 0;
        return error;
    }

    /// <summary>try_init_module_global(): once, and its result is kept.</summary>
    private int InitModuleGlobal(int lp)
    {
        environment.Lock(HostLock.Sysinit);
        if (!_sysinitDone || rules.SysInit == SysInitRule.EveryCpu
            || (rules.SysInit == SysInitRule.UntilSuccess && _sysinitResult != 0))
        {
            _sysinitResult = port.Call(lp, SeamcallLeaf.SysInit, default);
            if (_sysinitResult == -Errno.Enodev)
                environment.Log(KernelLine.ModuleNotLoaded);

            _sysinitDone = true;
        }
        else if (rules.SysInit == SysInitRule.ForgetsFailure)
        {
            _sysinitResult = 0;
        }

        environment.Unlock(HostLock.Sysinit);
        return _sysinitResult;
    }
}
