// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxModule;

/// <summary>What TDH.SYS.RD answers.</summary>
internal static class MetadataValues
{
    /// <summary>The value of a field; one that is not in the facts is never guessed.</summary>
    /// <param name="entry">Entry of the <see cref="MetadataTable"/> that the id names.</param>
    public static ulong Of(SimulatedModule module, int entry, ulong id)
    {
        var profile = module.Profile;
        var platform = module.Platform;
        var limits = platform.Limits;
        var element = MetadataTable.Element(entry, id);
        return MetadataTable.Id(entry) switch
        {
            MetadataField.NumCmrs => Cmr.MaxSlots,
            MetadataField.CmrBase => platform.Cmrs.Slots[element].Base,
            MetadataField.CmrSize => platform.Cmrs.Slots[element].Size,
            MetadataField.MaxTdmrs => limits.MaxTdmrs,
            MetadataField.MaxReservedPerTdmr => limits.MaxReservedPerTdmr,
            MetadataField.Pamt4KEntrySize => limits.Pamt4KEntrySize,
            MetadataField.Pamt2MEntrySize => limits.Pamt2MEntrySize,
            MetadataField.Pamt1GEntrySize => limits.Pamt1GEntrySize,
            MetadataField.MajorVersion => (ulong)profile.Version.Major,
            MetadataField.MinorVersion => (ulong)profile.Version.Minor,
            MetadataField.Features0 when platform.Features0 is { } features => features,
            MetadataField.Features0 when profile == ModuleProfile.V1_5 => MetadataField.Features0OfModule15,
            MetadataField.UpdateVersion when profile == ModuleProfile.V1_5 => 1 + (ulong)module.Updates,
            MetadataField.ModuleHandoffVersion when platform.HasUnused => platform.HandoffVersion,
            MetadataField.NumCpuidConfig when platform.HasUnused => platform.CpuidConfigs,
            var field when field != MetadataField.Features0 && platform.HasUnused => Number(id),
            var field =>
                throw new UnknownModuleRuleException(profile.Version, $"the value of metadata field 0x{field:x16}"),
        };
    }

    /// <summary>What a field answers that nobody uses: not 0, below 2^15, and rarely what another one does.</summary>
    public static ulong Number(ulong id)
    {
        const int Bits = 15;
        return (WordDigest.With(WordDigest.Start, id) & ((1UL << Bits) - 1)) | 1;
    }
}
