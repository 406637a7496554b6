// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>What a reserved area of a TDMR leaves out.</summary>
public enum ReservedKind
{
    /// <summary>Memory that is not in the list (or in no CMR).</summary>
    Hole,
    Pamt,
}

/// <summary>A reserved area: bytes from the TDMR's base.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Kind">Why it is reserved.</param>
public readonly record struct ReservedArea(ulong Offset, ulong Size, ReservedKind Kind);

/// <summary>struct tdmr_info as the host fills it in.</summary>
public sealed class Tdmr
{
    private readonly ulong[] _pamtBase = new ulong[PamtLevels.Count];
    private readonly ulong[] _pamtSize = new ulong[PamtLevels.Count];

    /// <summary>First byte.</summary>
    public ulong Base { get; set; }

    /// <summary>Bytes; 0: not filled in.</summary>
    public ulong Size { get; set; }

    /// <summary>First byte after.</summary>
    public ulong End => unchecked(Base + Size);

    public int PamtOrdinal { get; set; }

    /// <summary>Node that its PAMTs were asked from.</summary>
    public int PamtNid { get; set; }

    /// <summary>Reserved areas used so far, sorted once all are there.</summary>
    public List<ReservedArea> Reserved { get; } = [];

    /// <summary>The chunk of all three PAMTs: it starts with the 4K table.</summary>
    public AddressRange PamtChunk
    {
        get
        {
            var size = unchecked(_pamtSize[0] + _pamtSize[1] + _pamtSize[2]);
            return new AddressRange(_pamtBase[0], unchecked(_pamtBase[0] + size));
        }
    }

    public ulong PamtBase(PamtLevel level) => _pamtBase[(int)level];
    public ulong PamtSize(PamtLevel level) => _pamtSize[(int)level];

    /// <summary>Lays the three tables out in a chunk: 4K first, then 2M, then 1G.</summary>
    /// <param name="chunk">First byte of the chunk.</param>
    /// <param name="sizes">Bytes of each level.</param>
    public void SetPamts(ulong chunk, ReadOnlySpan<ulong> sizes)
    {
        sizes.CopyTo(_pamtSize);
        for (var level = 0; level < PamtLevels.Count; level++)
        {
            _pamtBase[level] = chunk;
            chunk = unchecked(chunk + sizes[level]);
        }
    }

    public void Clear()
    {
        Base = Size = 0;
        PamtOrdinal = PamtNid = 0;
        Array.Clear(_pamtBase);
        Array.Clear(_pamtSize);
        Reserved.Clear();
    }
}
