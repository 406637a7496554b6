// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeCase
{
    public NativeMachine Machine;
    public MemblockCall* Calls;
    public NativeStep* Steps;
    public uint CallCount;
    public uint StepCount;
}
