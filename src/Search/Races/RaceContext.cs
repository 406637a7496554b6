// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Races;

/// <summary>
/// What initialisation and hotplug share, over memory blocks that are numbered. Boot memory is blocks 1 and 3; block 5
/// was added and is offline; block 7 is added while others run:
///
///     1  3  5  7
///     #  #  o  +
/// </summary>
internal sealed class RaceContext
{
    public List<int> Memblock { get; } = [1, 3, 5];
    public List<int> Memlist { get; } = [];
    public List<int> Managed { get; } = [1, 3];

    /// <summary>What TDH.SYS.CONFIG was given; null: TDX is off.</summary>
    public List<int>? Configured { get; set; }

    public List<int[]> History { get; } = [[1, 3, 5]];

    /// <summary>Verdicts of the notifier: the block, whether it may come online, and whether TDX was on when it was
    /// asked.</summary>
    public List<(int Block, bool IsAccepted, bool WasOn)> Verdicts { get; } = [];

    public int Configurations { get; set; }

    /// <summary>Who holds tdx_module_lock; -1: nobody.</summary>
    public int ModuleOwner { get; set; } = -1;

    public int Readers { get; set; }

    /// <summary>Who writes; -1: nobody.</summary>
    public int Writer { get; set; } = -1;

    /// <summary>Somebody waits to write: no reader comes in any more, as with percpu-rwsem.</summary>
    public int WaitingWriter { get; set; } = -1;
}
