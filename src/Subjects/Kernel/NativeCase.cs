// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Core.Platform;

namespace TdxVerify.Subjects.Kernel;

/// <summary>struct env_case.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeCase
{
    public NativeMachine Machine;
    public MemblockCall* Calls;
    public NativeStep* Steps;
    public uint CallCount;
    public uint StepCount;
}
