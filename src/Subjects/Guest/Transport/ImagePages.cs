// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Guest.Transport;

/// <summary>SEAMLDR_PARAMS of a running kernel as P-SEAMLDR sees them: an address that they list is followed, and the
/// page of the image that lies there is named as traces name it.</summary>
internal sealed class ImagePages(IHostMemory memory) : IHostMemory
{
    /// <summary>In front of the number of a page; PAGE_MARK of the agent.</summary>
    private const ulong PageMark = 0x7464785000000000;
    private const ulong PageNumber = 0xffffffff;

    public ulong Read(ulong address)
    {
        var word = memory.Read(address);
        if (word < Sizes.Page4K || word % Sizes.Page4K != 0)
            return word;

        var mark = memory.Read(word);
        return (mark & ~PageNumber) == PageMark
            ? (SeamldrParams.ImagePfn + (mark & PageNumber)) << Sizes.PageShift
            : word;
    }

    public void Read(ulong address, Span<ulong> words)
    {
        for (var i = 0; i < words.Length; i++)
            words[i] = Read(address + (sizeof(ulong) * (ulong)i));
    }

    public void Write(ulong address, ulong value) => memory.Write(address, value);
}
