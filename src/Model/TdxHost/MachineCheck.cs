// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>tdx_dump_mce_info(): is a poisoned address TDX private memory?</summary>
internal sealed class MachineCheck(SeamcallPort port, TdmrList tdmrs)
{
    private const ulong NotAssigned = 0;
    private const ulong Reserved = 1;

    /// <summary>paddr_is_tdx_private() for a byte address.</summary>
    public bool IsPrivate(ulong address)
    {
        var registers = new SeamcallRegisters(Rcx: Pages.AlignDown(address, Sizes.Page4K));
        if (port.CallOnce(0, SeamcallLeaf.PhymemPageRdmd, ref registers) != TdxStatus.Success)
            return false;

        return registers.Rcx switch
        {
            NotAssigned => false,
            Reserved => IsPamtPage(address),
            _ => true,
        };
    }

    /// <summary>is_pamt_page(): reads the TDMR buffer, also after a failure has freed it.</summary>
    private bool IsPamtPage(ulong address)
    {
        if (tdmrs.Consumed > 0)
            tdmrs.Touch();

        for (var i = 0; i < tdmrs.Consumed; i++)
        {
            var chunk = tdmrs[i].PamtChunk;
            if (address >= chunk.Start && address < chunk.End)
                return true;
        }

        return false;
    }
}
