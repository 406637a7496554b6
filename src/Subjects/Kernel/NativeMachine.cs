// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

[StructLayout(LayoutKind.Sequential)]
internal struct NativeMachine
{
    public uint MktmeKeyIds;
    public uint TdxKeyIds;
    public int Cpus;
    public int CpusPerPackage;
    public int Erratum;
    public int Hibernation;
    public int NotifierErrno;
    public int Mirrored;
    public int Guarded;
    public int Missing;
    public int SeamretInvalidatesVmcs;
    public int OfflineCpus;
    public int FailingArray;
}
