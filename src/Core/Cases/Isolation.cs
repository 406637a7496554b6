// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>What only allocation decides when a memory block goes offline.</summary>
public enum Isolation
{
    /// <summary>Every page could be moved away.</summary>
    Done,
    /// <summary>A page can't be moved, seen before anybody is notified: -EBUSY.</summary>
    Unmovable,
    /// <summary>The same, seen after MEM_GOING_OFFLINE: -EBUSY.</summary>
    Stuck,
    /// <summary>A signal came while pages were moved: -EINTR.</summary>
    Interrupted,
}
