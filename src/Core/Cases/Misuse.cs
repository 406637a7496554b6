// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>What kernel code must not do, and what does not end it at once.</summary>
public enum Misuse
{
    /// <summary>It sleeps with interrupts or preemption off, or under a spinlock.</summary>
    Slept = 1,
    /// <summary>It waits for other CPUs with interrupts off.</summary>
    WaitedForCpus,
    /// <summary>It takes a lock that it has.</summary>
    LockedTwice,
    /// <summary>It releases a lock that it does not have.</summary>
    NotLocked,
    /// <summary>It returns with interrupts or preemption off.</summary>
    LeftAtomic,
    /// <summary>It accepts a notification so that nobody behind it in the chain is asked (NOTIFY_STOP).</summary>
    StoppedChain,
    /// <summary>It asserts that preemption is off, and it is on.</summary>
    Preemptible,
}
