// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Alterations;

/// <summary>A state that can be changed.</summary>
internal sealed class SnapshotDraft
{
    private SnapshotDraft(Snapshot snapshot)
    {
        Memory = [.. snapshot.Memory];
        Reserved = [.. snapshot.Reserved];
        Arrays = [.. snapshot.Arrays];
        Answers = [.. snapshot.Answers];
        Memlist = [.. snapshot.Memlist];
        Blocks = [.. snapshot.Blocks];
        Zones = [.. snapshot.Zones];
        Managed = [.. snapshot.Managed];
        Tdmrs = TdmrDraft.Of(snapshot.Tdmrs);
        MemoryBytes = snapshot.MemoryBytes;
        ReservedBytes = snapshot.ReservedBytes;
        MemblockWarnings = snapshot.MemblockWarnings;
        MemblockErrno = snapshot.MemblockErrno;
        HasTdxHostCapability = snapshot.HasTdxHostCapability;
        IsInitialized = snapshot.IsInitialized;
        CanSuspend = snapshot.CanSuspend;
        HasErratum = snapshot.HasErratum;
        HasSeamretBug = snapshot.HasSeamretBug;
        IncoherentCaches = snapshot.IncoherentCaches;
        SysinfoDigest = snapshot.SysinfoDigest;
        VmxUsers = snapshot.VmxUsers;
        OnlineCpus = snapshot.OnlineCpus;
        KeyIdsInUse = snapshot.KeyIdsInUse;
        GlobalKeyId = snapshot.GlobalKeyId;
        GuestKeyIdStart = snapshot.GuestKeyIdStart;
        GuestKeyIds = snapshot.GuestKeyIds;
    }

    public List<MemblockRegion> Memory { get; }
    public List<MemblockRegion> Reserved { get; }
    public List<AddressRange> Arrays { get; }
    public List<ulong> Answers { get; }
    public List<PfnRange> Memlist { get; }
    public List<BlockView> Blocks { get; }
    public List<ZoneView> Zones { get; }
    public List<PfnRange> Managed { get; }
    public List<TdmrDraft> Tdmrs { get; }
    public ulong MemoryBytes { get; set; }
    public ulong ReservedBytes { get; set; }
    public int MemblockWarnings { get; set; }
    public int MemblockErrno { get; set; }
    public bool HasTdxHostCapability { get; set; }
    public bool IsInitialized { get; set; }
    public bool CanSuspend { get; set; }
    public bool HasErratum { get; set; }
    public bool HasSeamretBug { get; set; }
    public ulong IncoherentCaches { get; set; }
    public ulong SysinfoDigest { get; set; }
    public ulong VmxUsers { get; set; }
    public ulong OnlineCpus { get; set; }
    public int KeyIdsInUse { get; set; }
    public uint GlobalKeyId { get; set; }
    public uint GuestKeyIdStart { get; set; }
    public uint GuestKeyIds { get; set; }

    public static SnapshotDraft Of(Snapshot snapshot) => new(snapshot);

    public void WriteTo(Snapshot snapshot)
    {
        Memory.ForEach(r => snapshot.Add(r));
        Reserved.ForEach(r => snapshot.AddReserved(r));
        Arrays.ForEach(a => snapshot.AddArray(a));
        Answers.ForEach(snapshot.AddAnswer);
        Memlist.ForEach(e => snapshot.Add(e));
        Blocks.ForEach(b => snapshot.Add(b));
        Zones.ForEach(z => snapshot.Add(z));
        Managed.ForEach(m => snapshot.AddManaged(m));
        TdmrDraft.Write(Tdmrs, snapshot.Tdmrs);
        snapshot.MemoryBytes = MemoryBytes;
        snapshot.ReservedBytes = ReservedBytes;
        snapshot.MemblockWarnings = MemblockWarnings;
        snapshot.MemblockErrno = MemblockErrno;
        snapshot.HasTdxHostCapability = HasTdxHostCapability;
        snapshot.IsInitialized = IsInitialized;
        snapshot.CanSuspend = CanSuspend;
        snapshot.HasErratum = HasErratum;
        snapshot.HasSeamretBug = HasSeamretBug;
        snapshot.IncoherentCaches = IncoherentCaches;
        snapshot.SysinfoDigest = SysinfoDigest;
        snapshot.VmxUsers = VmxUsers;
        snapshot.OnlineCpus = OnlineCpus;
        snapshot.KeyIdsInUse = KeyIdsInUse;
        snapshot.GlobalKeyId = GlobalKeyId;
        snapshot.GuestKeyIdStart = GuestKeyIdStart;
        snapshot.GuestKeyIds = GuestKeyIds;
    }
}
