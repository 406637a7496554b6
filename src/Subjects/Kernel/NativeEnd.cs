// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Kernel;

internal enum NativeEnd
{
    Returned,
    Panic,
    Bug,
    Fault,
    Unlocked,
    Stopped,
    Unavailable,
}
