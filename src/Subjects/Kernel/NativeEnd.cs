// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Kernel;

/// <summary>enum env_end.</summary>
internal enum NativeEnd
{
    Returned,
    Panic,
    Bug,
    Fault,
    Unlocked,
    Stopped,
}
