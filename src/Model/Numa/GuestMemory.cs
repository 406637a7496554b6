// SPDX-License-Identifier: MIT

using System.Numerics;

namespace TdxVerify.Model.Numa;

/// <summary>A TDX guest's process: its memory policies (MPOL_BIND), and where its pages come from.</summary>
/// <param name="treatment">What becomes of nodes that can't serve.</param>
/// <param name="hasOwnPolicy">guest_memfd has a policy of its own, which mbind() of the guest's memory sets and which
/// counts more than the task's; else mbind() is about other memory.</param>
public sealed class GuestMemory(HostEnvironment environment, PolicyTreatment treatment, bool hasOwnPolicy)
{
    private ulong _task;
    private ulong _vma;

    public void Clear() => _task = _vma = 0;

    /// <summary>set_mempolicy(), or mbind() of the guest's memory.</summary>
    /// <param name="nodes">The nodes that are asked for.</param>
    /// <param name="isVma">mbind().</param>
    /// <param name="knowsTdx">Whoever sets it says that it is for a TDX guest: numactl -tdx.</param>
    /// <returns>0 or -EINVAL.</returns>
    public int SetPolicy(Snapshot state, ulong nodes, bool isVma, bool knowsTdx)
    {
        // mpol_set_nodemask(): nodes without memory are left out, and none is an error.
        var capable = CapableNodes.Of(state);
        nodes &= CapableNodes.WithMemory(state);
        var error = nodes == 0
            || (knowsTdx && treatment == PolicyTreatment.Refuses && (nodes & ~capable) != 0) ? -Errno.Einval : 0;
        if (error == 0 && isVma)
            _vma = nodes;
        else if (error == 0)
            _task = nodes;

        environment.NoteGuest(GuestAction.Policy, nodes, capable, error);
        return error;
    }

    /// <summary>A page for the guest: from the first node that may serve it.</summary>
    /// <returns>The node, -ENOMEM or -EINVAL.</returns>
    public int TakePage(Snapshot state)
    {
        var memory = CapableNodes.WithMemory(state);
        var capable = CapableNodes.Of(state);
        // Without a policy any node that can serve is as good as another.
        var any = treatment == PolicyTreatment.None ? memory : capable;
        var asked = hasOwnPolicy && _vma != 0 ? _vma : _task != 0 ? _task : any;
        var isNarrowed = treatment == PolicyTreatment.Narrows && (asked & capable) != 0;
        var inForce = isNarrowed ? asked & capable : asked;
        var usable = inForce & (treatment == PolicyTreatment.None ? memory : capable);
        var isRefused = (asked & memory & ~capable) != 0
            && (treatment == PolicyTreatment.Refuses || (treatment == PolicyTreatment.Narrows && !isNarrowed));
        var nid = isRefused ? -Errno.Einval : usable == 0 ? -Errno.Enomem : BitOperations.TrailingZeroCount(usable);
        environment.NoteGuest(GuestAction.Page, asked, inForce, nid);
        return nid;
    }
}
