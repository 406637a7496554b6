// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>How the initialisation ended, as far as a log shows.</summary>
public enum ObservedOutcome
{
    /// <summary>No line says it.</summary>
    NotSeen,
    /// <summary>"module initialized".</summary>
    Initialized,
    /// <summary>"module initialization failed", or a gate before it.</summary>
    Failed,
    /// <summary>The TDX module was not there at all: "module not loaded", "not enabled by BIOS".</summary>
    NoModule,
}
