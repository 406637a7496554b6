// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxModule;

/// <summary>The TDX module's bring-up: state, locks and every check in the real order. Each leaf is a method;
/// <see cref="ModuleDispatcher"/> stands before them.</summary>
public sealed class SimulatedModule
{
    public const int MaxTdmrs = 64;
    /// <summary>MAX_HKIDS: entries of the KeyID ownership table.</summary>
    public const ulong MaxHkids = 2048;
    /// <summary>KOT_STATE_HKID_RESERVED.</summary>
    public const int KotReserved = 3;

    private const int DynamicPamtHkidLimit = 48;

    private readonly TdmrInfo[] _copies = Array.ConvertAll(new TdmrInfo[MaxTdmrs], static _ => new TdmrInfo());
    private readonly ConfiguredTdmr[] _table =
        Array.ConvertAll(new ConfiguredTdmr[MaxTdmrs], static _ => new ConfiguredTdmr());
    private readonly TdmrTableCheck _check = new();
    private readonly NumberSet _reservedHkids = new();
    private readonly NumberSet _initialisedLps = new();
    private readonly NumberSet _keyedPackages = new();
    private int _lastTdmr;
    private bool _dynamicPamt;

    public SimulatedModule(ModuleProfile profile, ModulePlatform platform)
    {
        Profile = profile;
        Platform = platform;
    }

    public ModuleProfile Profile { get; private set; }
    public ModulePlatform Platform { get; private set; }
    public ModuleState State { get; set; }

    /// <summary>LPs that ran TDH.SYS.LP.INIT.</summary>
    public int InitialisedLps { get; set; }

    /// <summary>Another LP holds the global lock: INIT, LP.INIT, CONFIG, KEY.CONFIG and SHUTDOWN are busy.</summary>
    public bool LockHeld { get; set; }

    /// <summary>Bytes that one TDMR.INIT does instead of the version's own; 0: all of the TDMR, which no real module
    /// does.</summary>
    public ulong? TdmrInitBytes { get; set; }

    /// <summary>TDH.SYS.TDMR.INIT succeeds and returns the TDMR's base in RDX for ever, which no real module
    /// does.</summary>
    public bool NeverAdvances { get; set; }

    /// <summary>The module before it left its state for this one.</summary>
    public bool HasHandoff { get; private set; }

    /// <summary>How often it was replaced since the machine was switched on.</summary>
    public int Updates { get; private set; }

    /// <summary>TDMRs of the successful TDH.SYS.CONFIG.</summary>
    public int TdmrCount { get; private set; }

    /// <summary>The global KeyID, also after a CONFIG that failed later.</summary>
    public ulong GlobalHkid { get; private set; }

    /// <summary>State of a KeyID in the ownership table: 0 free, 3 reserved.</summary>
    public int KotState(ulong keyId) =>
        keyId <= SysConfigOperand.KeyIdMask && _reservedHkids.Contains((int)keyId) ? KotReserved : 0;

    /// <summary>True when an LP ran TDH.SYS.LP.INIT.</summary>
    public bool IsInitialised(int lp) => _initialisedLps.Contains(lp);

    /// <summary>Makes it a freshly loaded module; what it holds is used again.</summary>
    /// <param name="platform">What it finds; may be the one it has, filled in anew.</param>
    /// <param name="tdmrInitBytes">See <see cref="TdmrInitBytes"/>.</param>
    /// <param name="neverAdvances">See <see cref="NeverAdvances"/>.</param>
    public void Reset(
        ModuleProfile profile, ModulePlatform platform, ulong? tdmrInitBytes = null, bool neverAdvances = false)
    {
        Profile = profile;
        Platform = platform;
        TdmrInitBytes = tdmrInitBytes;
        NeverAdvances = neverAdvances;
        State = ModuleState.SysInitPending;
        LockHeld = false;
        Updates = 0;
        Forget();
    }

    /// <summary>Another one is loaded in its place, and finds what it left.</summary>
    public void Replace()
    {
        HasHandoff = true;
        Updates++;
        State = ModuleState.SysInitPending;
        InitialisedLps = 0;
        _initialisedLps.Clear();
    }

    /// <summary>TDH.SYS.INIT. A failed one may be repeated.</summary>
    public ulong SysInit(ulong attributes)
    {
        if (LockHeld)
            return TdxStatus.SysBusy;

        if (attributes != 0)
            return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.Rcx);

        if (State != ModuleState.SysInitPending)
            return TdxStatus.SysInitNotPending;

        if (Platform.Rules.PrivateEnd - 1 >= MaxHkids)
            return TdxStatus.NumActivatedHkidsNotSupported + MaxHkids;

        var status = CheckCmrs();
        if (status == TdxStatus.Success)
            State = ModuleState.SysInitDone;

        return status;
    }

    /// <summary>The check of the CMR list inside TDH.SYS.INIT.</summary>
    public ulong CheckCmrs() => Platform.Cmrs.IsValid(Platform.Rules) ? TdxStatus.Success : TdxStatus.CmrListInvalid;

    /// <summary>TDH.SYS.LP.INIT; the platform checks before it (MSRs, CPUID) are taken to pass.</summary>
    public ulong SysLpInit(int lp)
    {
        if (LockHeld)
            return TdxStatus.SysBusy;

        if (State != ModuleState.SysInitDone)
            return TdxStatus.SysLpInitNotPending;

        if (!_initialisedLps.Add(lp))
            return TdxStatus.SysLpInitDone;

        InitialisedLps++;
        return TdxStatus.Success;
    }

    /// <summary>TDH.SYS.CONFIG.</summary>
    /// <param name="arrayPa">RCX: address of the array of TDMR_INFO addresses.</param>
    /// <param name="keyIdAndFlags">R8: the global KeyID in 15:0.</param>
    public ulong SysConfig(ulong arrayPa, ulong count, ulong keyIdAndFlags, IHostMemory memory)
    {
        if (LockHeld)
            return TdxStatus.SysBusy;

        if (State != ModuleState.SysInitDone || InitialisedLps < Platform.Lps)
            return TdxStatus.SysConfigNotPending;

        if (!Platform.Rules.IsShared(arrayPa, TdmrInfo.Alignment))
            return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.Rcx);

        if (count is > MaxTdmrs or < 1)
            return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.Rdx);

        var keyId = keyIdAndFlags & SysConfigOperand.KeyIdMask;
        var flags = keyIdAndFlags & ~SysConfigOperand.KeyIdMask;
        var knownFlags = Profile.HasDynamicPamt ? SysConfigOperand.DynamicPamt : 0;
        if ((flags & ~knownFlags) != 0 || !Platform.Rules.IsPrivate(keyId))
            return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.R8);

        // From here on a failure leaves the KeyID reserved: a retry with another one leaks it.
        _reservedHkids.Add((int)keyId);
        GlobalHkid = keyId;
        _dynamicPamt = flags != 0;
        if (_dynamicPamt && Platform.Rules.HkidStartBit > DynamicPamtHkidLimit)
            return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.R8);

        return TakeTdmrs(arrayPa, (int)count, memory);
    }

    /// <summary>TDH.SYS.KEY.CONFIG on the caller's package.</summary>
    public ulong SysKeyConfig(int package, ulong pconfig)
    {
        if (LockHeld)
            return TdxStatus.SysBusy;

        if (State != ModuleState.SysConfigDone)
            return TdxStatus.SysKeyConfigNotPending;

        if (_keyedPackages.Contains(package))
            return TdxStatus.KeyConfigured;

        if (pconfig != TdxStatus.Success)
            return pconfig;

        _keyedPackages.Add(package);
        if (_keyedPackages.Count == Platform.Packages)
            State = ModuleState.SysReady;

        return TdxStatus.Success;
    }

    /// <summary>TDH.SYS.TDMR.INIT.</summary>
    /// <param name="tdmrBase">RCX: base of a configured TDMR.</param>
    /// <param name="next">RDX: the next address to initialise, rounded down to 1 GiB; 0 on failure.</param>
    public ulong SysTdmrInit(ulong tdmrBase, out ulong next)
    {
        next = 0;
        var index = TdmrAt(tdmrBase);
        if (!Pages.IsAligned(tdmrBase, Sizes.Page1G) || !Platform.Rules.IsPlain(tdmrBase) || index < 0)
            return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.Rcx);

        var tdmr = _table[index];
        if (tdmr.Locked)
            return TdxStatus.WithOperand(TdxStatus.OperandBusy, SeamcallOperand.Rcx);

        if (tdmr.IsDone)
            return TdxStatus.TdmrAlreadyInitialized;

        if (!NeverAdvances)
            tdmr.Advance(TdmrInitBytes ?? (_dynamicPamt ? Profile.DynamicTdmrInitBytes : Profile.TdmrInitBytes));

        next = tdmr.ReadyEnd;
        return TdxStatus.Success;
    }

    /// <summary>Another LP is inside TDH.SYS.TDMR.INIT of a TDMR.</summary>
    public void SetTdmrLocked(int index, bool locked) => _table[index].Locked = locked;

    /// <summary>TDH.SYS.RD.</summary>
    /// <param name="next">RDX out: the id after it, all ones when there is none.</param>
    public ulong SysRd(int lp, ulong field, out ulong next, out ulong value)
    {
        next = MetadataField.None;
        value = 0;
        if (!IsInitialised(lp))
            return TdxStatus.SysLpInitNotDone;

        if (field == MetadataField.None)
        {
            next = MetadataTable.First;
            return TdxStatus.MetadataFirstFieldIdInContext;
        }

        var id = MetadataField.WithoutContext(field);
        var isLater = id == MetadataField.MaxVcpusPerTd
            || (id == MetadataField.PamtPageBitmapEntryBits && Profile.HasDynamicPamt);
        if (isLater && Platform.HasUnused)
        {
            // Which field follows is not in the facts.
            value = id == MetadataField.PamtPageBitmapEntryBits ? 1 : MetadataValues.Number(id);
            return TdxStatus.Success;
        }

        var entry = MetadataField.IsSingleElement(id) ? MetadataTable.Find(id) : -1;
        if (entry < 0)
            return TdxStatus.MetadataFieldIdIncorrect;

        value = MetadataValues.Of(this, entry, id);
        next = MetadataTable.Next(entry, id);
        return TdxStatus.Success;
    }

    /// <summary>TDH.SYS.SHUTDOWN: legal only when ready, which the dispatcher sees to.</summary>
    public ulong SysShutdown(ulong handoffVersion)
    {
        if (handoffVersion != Platform.HandoffVersion)
            return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.Rcx);

        if (LockHeld)
            return TdxStatus.SysBusy;

        State = ModuleState.SysShutdown;
        return TdxStatus.Success;
    }

    /// <summary>TDH.SYS.UPDATE: the state that the one before left is taken over.</summary>
    public ulong SysUpdate()
    {
        if (LockHeld)
            return TdxStatus.SysBusy;

        if (State != ModuleState.SysInitDone || InitialisedLps < Platform.Lps)
            return TdxStatus.SysStateIncorrect;

        if (!HasHandoff)
            return TdxStatus.SysInvalidHandoff;

        HasHandoff = false;
        State = ModuleState.SysReady;
        return TdxStatus.Success;
    }

    /// <summary>TDH.SYS.DISABLE: all is as it was before TDH.SYS.INIT. A module that was not initialised answers as
    /// module 1.5 does to a leaf that comes too early; either way the next kernel finds it as it is.</summary>
    public ulong SysDisable()
    {
        if (LockHeld)
            return TdxStatus.SysBusy;

        if (State == ModuleState.SysInitPending)
            return TdxStatus.SysNotReady;

        State = ModuleState.SysInitPending;
        Forget();
        return TdxStatus.Success;
    }

    /// <summary>TDH.SYS.LP.SHUTDOWN: shuts module 1.0 down, does nothing later.</summary>
    public ulong SysLpShutdown()
    {
        State = Profile.LpShutdownShutsDown ? ModuleState.SysShutdown : State;
        return TdxStatus.Success;
    }

    /// <summary>TDH.PHYMEM.PAGE.RDMD.</summary>
    /// <param name="pageType">RCX out: 0 PT_NDA, 1 PT_RSVD, 3 PT_REG.</param>
    public ulong PhymemPageRdmd(ulong address, out ulong pageType)
    {
        pageType = 0;
        if (!Pages.IsAligned(address, Sizes.Page4K) || !Platform.Rules.IsPlain(address))
            return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.Rcx);

        for (var i = 0; i < TdmrCount; i++)
        {
            if (address >= _table[i].Range.Start && address < _table[i].ReadyEnd)
            {
                pageType = _table[i].IsReserved(address) ? 1UL : Platform.TdPage == address ? 3UL : 0;
                return TdxStatus.Success;
            }
        }

        return TdxStatus.WithOperand(TdxStatus.OperandAddrRangeError, SeamcallOperand.Rcx);
    }

    /// <summary>The TDMR with a base, which no two share; -1 when there is none. The one of the last call comes
    /// first.</summary>
    private int TdmrAt(ulong tdmrBase)
    {
        if (_lastTdmr < TdmrCount && _table[_lastTdmr].Range.Start == tdmrBase)
            return _lastTdmr;

        for (var i = 0; i < TdmrCount; i++)
        {
            if (_table[i].Range.Start == tdmrBase)
            {
                _lastTdmr = i;
                return i;
            }
        }

        return -1;
    }

    private void Forget()
    {
        GlobalHkid = 0;
        InitialisedLps = TdmrCount = _lastTdmr = 0;
        _dynamicPamt = HasHandoff = false;
        _reservedHkids.Clear();
        _initialisedLps.Clear();
        _keyedPackages.Clear();
    }

    private ulong TakeTdmrs(ulong arrayPa, int count, IHostMemory memory)
    {
        _lastTdmr = 0;
        _check.Reset(Platform.Rules, Platform.Cmrs, Profile);
        for (var i = 0; i < count; i++)
        {
            var infoPa = memory.Read(arrayPa + (8 * (ulong)i));
            if (!Platform.Rules.IsShared(infoPa, TdmrInfo.Alignment))
                return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.Rcx);

            _copies[i].ReadFrom(memory, infoPa);
            var status = _check.Check(_copies, i, _dynamicPamt);
            if (status != TdxStatus.Success)
                return status;

            _table[i].Set(_copies[i]);
        }

        TdmrCount = count;
        _keyedPackages.Clear();
        State = ModuleState.SysConfigDone;
        return TdxStatus.Success;
    }
}
