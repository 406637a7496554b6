// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Seamcall;

/// <summary>SEAMLDR_PARAMS, a page in which the host tells P-SEAMLDR where a module lies.</summary>
public static class SeamldrParams
{
    /// <summary>Where it lies, as traces name it; ours, and it means nothing.</summary>
    public const ulong Address = 4 * Sizes.Mib;

    /// <summary>Scenario: a module that runs is replaced by a compatible one.</summary>
    public const ulong ScenarioUpdate = 1;

    /// <summary>Page frame of the file with the new module, its header first; ours, and it means nothing.</summary>
    public const ulong ImagePfn = 0x20000;

    /// <summary>Pages of signature, which follow the header.</summary>
    public const ulong SignaturePages = 1;

    /// <summary>Pages of module of an image, which follow the signature.</summary>
    public const ulong ModulePages = 3;

    /// <summary>Pages of module of the largest image (SEAMLDR_MAX_NR_MODULE_PAGES).</summary>
    public const ulong MaxModulePages = 496;

    /// <summary>Offset in bytes of the number of module pages.</summary>
    public const ulong ModulePagesOffset = 120;

    private const ulong WordBytes = 8;

    /// <summary>The word at an offset in bytes when it describes the whole image of that many pages of module; 0 where
    /// nothing stands.</summary>
    public static ulong Word(ulong offset, ulong modulePages) => (offset / WordBytes) switch
    {
        0 => ScenarioUpdate << 32,
        1 => Page(1),
        ModulePagesOffset / WordBytes => modulePages,
        var word and > ModulePagesOffset / WordBytes when word <= (ModulePagesOffset / WordBytes) + modulePages =>
            Page(1 + SignaturePages + word - (ModulePagesOffset / WordBytes) - 1),
        _ => 0,
    };

    /// <summary>True when what lies in host memory describes the whole image.</summary>
    public static bool DescribesImage(ulong address, IHostMemory memory)
    {
        var pages = memory.Read(address + ModulePagesOffset);
        if (pages is not (ModulePages or MaxModulePages))
            return false;

        var end = ModulePagesOffset + (WordBytes * (1 + pages));
        for (ulong at = 0; at < end; at += WordBytes)
        {
            if (memory.Read(address + at) != Word(at, pages))
                return false;
        }

        return address % Sizes.Page4K == 0;
    }

    private static ulong Page(ulong index) => (ImagePfn + index) << Sizes.PageShift;
}
