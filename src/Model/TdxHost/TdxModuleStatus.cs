// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>enum tdx_module_status_t.</summary>
public enum TdxModuleStatus
{
    /// <summary>TDX_MODULE_UNINITIALIZED.</summary>
    Uninitialized = 0,
    /// <summary>TDX_MODULE_INITIALIZED.</summary>
    Initialized = 1,
    /// <summary>TDX_MODULE_ERROR: for ever.</summary>
    Error = 2,
}
