// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

[StructLayout(LayoutKind.Sequential)]
internal struct NativeState
{
    public uint GlobalKeyId;
    public uint GuestKeyIdStart;
    public uint GuestKeyIds;
    public int HasTdxHostCapability;
    public int Status;
    public int Tdmrs;
    public int TdmrBytes;
    public short CanSuspend;
    public byte HasErratum;
    public byte HasSeamretBug;
    public ulong SysinfoDigest;
    public ulong IncoherentCaches;
    public ulong OnlineCpus;
    public ulong KeyIdsInUse;
    public nint Buffer;
}
