// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using System.Text.Json;
using TdxVerify.Model;
using TdxVerify.Model.Hotplug;
using TdxVerify.Model.TdxHost;
using TdxVerify.Scenarios;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>The given part of a recorded boot: machine, kernel and what was plugged when it started.</summary>
internal sealed class RecordedBoot
{
    private static readonly HotplugConfig Stock = new(true, true, false, OnlineType.Online);
    private static readonly HotplugConfig Tdx = new(false, false, true, OnlineType.Offline);

    private const int MaxCpus = 64;

    private readonly SortedDictionary<uint, int> _nodeOfPxm = [];
    private readonly Dictionary<int, int> _fakeOf = [];
    private readonly JsonElement[] _dimms;

    public RecordedBoot(JsonElement recorded)
    {
        IsTdx = recorded.GetProperty("profile").GetString() switch
        {
            "tdx" => true,
            "stock" => false,
            var other => throw new MalformedCaseException("profile stock or tdx", other ?? "null"),
        };
        var words = recorded.GetProperty("cmdline").GetString() ?? "";
        Parameters = HotplugParameters.Read(words);
        Scenario = ReadScenario(recorded, words);
        var setup = recorded.GetProperty("setup");
        Cpus = RecordedValue.Between(setup, "smp", 1, MaxCpus, 1);
        CpusPerPackage = Math.Max(1, Cpus / RecordedValue.Between(setup, "sockets", 1, MaxCpus, Cpus));
        OnlineCpus = OnlineAtBoot(words, Cpus);
        Policy = PolicyOf(recorded.GetProperty("version").GetString() ?? "");
        Missing = ReadFeatures(recorded);
        if (Machine.Options.KernelcoreMirror)
        {
            Machine.Mirrored.AddRange(
                RecordedValue.Items(setup, "mirror")
                    .Select(static r => new AddressRange(RecordedValue.Number(r[0]), RecordedValue.Number(r[1]))));
        }

        RunsUnderHypervisor = !(setup.GetProperty("cpu").GetString() ?? "")
            .Contains("-hypervisor", StringComparison.Ordinal);
        ReadNodes(recorded);
        _dimms = [.. RecordedValue.Items(setup, "dimms")];
    }

    public bool IsTdx { get; }
    public HotplugConfig Config => IsTdx ? Tdx : Stock;
    public bool RunsUnderHypervisor { get; }
    public KernelPolicy Policy { get; }
    public int Cpus { get; }

    /// <summary>CPUs of a package; without a word about it each is a package of its own.</summary>
    public int CpusPerPackage { get; }

    /// <summary>CPUs that are online after boot: maxcpus= leaves the later ones out.</summary>
    public int OnlineCpus { get; }

    public MissingFeatures Missing { get; }
    public HotplugParameters Parameters { get; }
    public Scenario Scenario { get; }
    public Machine Machine => Scenario.Machine;
    public IEnumerable<MemoryDevice> Plugged => _dimms.Select(d => Device(d, "addr"));

    /// <summary>A DIMM of a step, at the address that it got.</summary>
    public MemoryDevice Device(JsonElement dimm, string addressKey)
    {
        var name = dimm.GetProperty("id").GetString() ?? "";
        var range =
            AddressRange.OfSize(
                RecordedValue.Number(dimm.GetProperty(addressKey)), RecordedValue.Number(dimm.GetProperty("size")));
        return new MemoryDevice(name, NodeOf((uint)RecordedValue.Int(dimm.GetProperty("node"))), range);
    }

    /// <summary>acpi_map_pxm_to_node(): a proximity domain that nobody named yet gets the first node that is
    /// left.</summary>
    private int NodeOf(uint pxm)
    {
        if (!_nodeOfPxm.TryGetValue(pxm, out var nid))
        {
            nid = 0;
            while (_nodeOfPxm.ContainsValue(nid))
                nid++;

            _nodeOfPxm[pxm] = nid;
        }

        return _fakeOf.GetValueOrDefault(nid, nid);
    }

    /// <summary>fix_pxm_node_maps(): with numa=fake a domain is the first fake node that was cut out of it; one
    /// without memory the first number that is left.</summary>
    public void MapFakeNodes(IEnumerable<PfnRange> early)
    {
        if (Machine.Options.NumaFake is null)
            return;

        var realOf = early.GroupBy(static r => r.Nid)
            .ToDictionary(static g => g.Key, g => RealNode(g.Min(static r => r.Start)));
        var next = realOf.Count == 0 ? 0 : realOf.Keys.Max() + 1;
        foreach (var real in Machine.Srat.Select(static e => e.Nid).Distinct().Order())
        {
            var fakes = realOf.Where(r => r.Value == real).Select(static r => r.Key).ToList();
            _fakeOf[real] = fakes.Count > 0 ? fakes.Min() : next++;
        }
    }

    private int RealNode(ulong pfn)
    {
        var address = Pages.Address(pfn);
        var entry = Machine.Srat.FindIndex(e => e.Start <= address && address < e.End);
        return entry < 0 ? 0 : Machine.Srat[entry].Nid;
    }

    private static KernelPolicy PolicyOf(string version)
    {
        const string Prefix = "Linux version ";
        var release = version.StartsWith(Prefix, StringComparison.Ordinal) ? version[Prefix.Length..] : "";
        return HostProfile.OfRelease(release)?.Policy
            ?? throw new MalformedCaseException("\"Linux version\" with a release from 6.8 on", version);
    }

    private static int OnlineAtBoot(string words, int cpus)
    {
        const string Word = "maxcpus=";
        var last =
            Array.FindLast(
                words.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                    static w => w.StartsWith(Word, StringComparison.Ordinal));
        return last is not null && int.TryParse(last.AsSpan(Word.Length), CultureInfo.InvariantCulture, out var most)
            && most > 0 ? Math.Min(most, cpus) : cpus;
    }

    /// <summary>Features that were not put into the CPUs; SELFSNOOP is there all the same.</summary>
    private static MissingFeatures ReadFeatures(JsonElement recorded)
    {
        var features = MissingFeatures.None;
        if (!recorded.TryGetProperty("tdx_boot", out var enabling))
            return features;

        foreach (var missing in RecordedValue.Items(enabling.GetProperty("params"), "missing"))
        {
            features |= missing.GetString() switch
            {
                "VMX" => MissingFeatures.Vmx,
                "MOVDIR64B" => MissingFeatures.Movdir64B,
                "XSAVE" => MissingFeatures.Xsave,
                "SELFSNOOP" => MissingFeatures.None,
                var other => throw new MalformedCaseException("VMX, MOVDIR64B, XSAVE or SELFSNOOP", other ?? "null"),
            };
        }

        return features;
    }

    private static Scenario ReadScenario(JsonElement recorded, string words)
    {
        var log = new StringBuilder(recorded.GetProperty("version").GetString()).Append("\nCommand line: ")
            .Append(words).Append("\nBIOS-provided physical RAM map:\n");
        AppendLines(log, recorded, "e820");
        if (RecordedValue.Items(recorded, "e820_user").Any())
        {
            log.Append("user-defined physical RAM map:\n");
            AppendLines(log, recorded, "e820_user");
        }

        AppendLines(log, recorded, "srat");
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(log.ToString()));
        var scenario = LogReader.Read(stream, "recorded boot").Scenario;
        if (recorded.TryGetProperty("keyids", out var keyIds) && keyIds.ValueKind == JsonValueKind.Array)
        {
            scenario.Machine.KeyIds =
                new KeyIdPartition((uint)RecordedValue.Int(keyIds[0]), (uint)RecordedValue.Int(keyIds[1]));
        }

        return scenario;
    }

    private static void AppendLines(StringBuilder log, JsonElement recorded, string key)
    {
        foreach (var line in RecordedValue.Items(recorded, key))
            log.Append(line.GetString()).Append('\n');
    }

    private void ReadNodes(JsonElement recorded)
    {
        foreach (var line in RecordedValue.Items(recorded, "srat").Select(static l => l.GetString() ?? ""))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var at = Array.IndexOf(words, "SRAT:");
            if (at >= 0 && at + 4 < words.Length && words[at + 1] == "Node" && words[at + 3] == "PXM")
            {
                _nodeOfPxm[uint.Parse(words[at + 4], CultureInfo.InvariantCulture)] =
                    int.Parse(words[at + 2], CultureInfo.InvariantCulture);
            }
        }
    }
}
