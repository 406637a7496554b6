// SPDX-License-Identifier: MIT

using TdxVerify.Core.Platform;
using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

/// <summary>struct yardstick_case.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeCase
{
    public NativeMachine Machine;
    public MemblockCall* Calls;
    public NativeStep* Steps;
    public uint CallCount;
    public uint StepCount;
}
