// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;

namespace TdxVerify.Subjects;

/// <summary>Something that can live through a scenario: the model, a kernel compiled in userspace, a running kernel.</summary>
public interface ISubject
{
    /// <summary>How reports name it.</summary>
    string Name { get; }

    /// <summary>Watches what can cost system calls to watch: who touches memory that is freed, or that a lock guards. Most subjects have nothing of the kind.</summary>
    bool IsGuarded
    {
        get => false;
        set { }
    }

    /// <summary>Boots the machine and takes every step. The trace is only good until the next run.</summary>
    Trace Run(Scenario scenario);
}
