// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Model.TdxModule;

namespace TdxVerify.Conformance.Cases;

/// <summary>The "in" of a recorded module case: the platform, the state and the operands.</summary>
internal sealed class ModuleRequest : IHostMemory
{
    private const ulong UsualArrayPa = 0x1000;
    private const ulong UsualInfoPa = 0x2000;

    private static readonly string[] Keys =
    [
        "op", "sysState", "numLps", "initLps", "numPkgs", "lock", "maxPa", "hkidStart", "mktmeKids", "tdxKids",
        "seamrr", "cmrs",
        "arrayPa", "num", "keyid", "tdmrs", "field", "pkg", "pconfig", "pa", "times", "keep", "lpInit",
    ];

    private readonly Dictionary<ulong, ulong> _memory = [];

    public ModuleRequest(JsonElement request)
    {
        foreach (var key in request.EnumerateObject().Where(static k => !Keys.Contains(k.Name)))
            throw new MalformedCaseException("a key of a module request", key.Name);

        Request = request;
        var mktme = (uint)RecordedValue.Number(request, "mktmeKids", 31);
        KeyId = RecordedValue.Number(request, "keyid", mktme + 1);
        ArrayPa = RecordedValue.Number(request, "arrayPa", UsualArrayPa);
        WriteTdmrs(request);
    }

    public JsonElement Request { get; }
    public ulong ArrayPa { get; }
    public ulong Count { get; private set; }
    public ulong KeyId { get; }

    /// <summary>A module in the recorded state on the recorded platform.</summary>
    public SimulatedModule NewModule()
    {
        var module = new SimulatedModule(ModuleProfile.V1_5, new ModulePlatform())
        {
            State = (ModuleState)RecordedValue.Int(Request, "sysState", (int)ModuleState.SysInitDone),
            InitialisedLps = RecordedValue.Int(Request, "initLps", 1),
            LockHeld = RecordedValue.Number(Request, "lock", 0) != 0,
        };
        SetPlatform(module.Platform);
        return module;
    }

    /// <summary>Puts the request's platform in the place of another.</summary>
    public void SetPlatform(ModulePlatform platform)
    {
        var usual = PhysicalAddressRules.Usual;
        var keys =
            new KeyIdPartition(
                (uint)RecordedValue.Number(Request, "mktmeKids", 31),
                (uint)RecordedValue.Number(Request, "tdxKids", 32));
        var seamRange = Request.TryGetProperty("seamrr", out var pair)
            ? AddressRange.OfSize(RecordedValue.Number(pair[0]), RecordedValue.Number(pair[1]))
            : usual.SeamRange;
        var hkidStart = RecordedValue.Between(Request, "hkidStart", 1, PhysicalAddressRules.MaxPa, usual.HkidStartBit);
        platform.Rules = new PhysicalAddressRules(hkidStart, keys, seamRange);
        platform.Lps = RecordedValue.Int(Request, "numLps", 1);
        platform.Packages = RecordedValue.Int(Request, "numPkgs", 1);
        var cmrs = RecordedValue.Items(Request, "cmrs").ToArray();
        if (cmrs.Length > Cmr.MaxSlots)
            throw new MalformedCaseException($"at most {Cmr.MaxSlots} cmrs", $"{cmrs.Length}");

        platform.Cmrs.Set(
            [.. cmrs.Select(static c => new Cmr(RecordedValue.Number(c[0]), RecordedValue.Number(c[1])))]);
    }

    public ulong Read(ulong address) => _memory.GetValueOrDefault(address);
    public void Write(ulong address, ulong value) => _memory[address] = value;

    private void WriteTdmrs(JsonElement request)
    {
        var tdmrs = RecordedValue.Items(request, "tdmrs").ToArray();
        Count = RecordedValue.Number(request, "num", (ulong)tdmrs.Length);
        for (var i = 0; i < tdmrs.Length; i++)
        {
            var isArray = tdmrs[i].ValueKind == JsonValueKind.Array;
            var usualPa = UsualInfoPa + (TdmrInfo.Alignment * (ulong)i);
            var pa = isArray ? usualPa : RecordedValue.Number(tdmrs[i], "pa", usualPa);
            Write(ArrayPa + (8 * (ulong)i), pa);
            WriteTdmr(pa, tdmrs[i], isArray);
        }
    }

    private void WriteTdmr(ulong pa, JsonElement tdmr, bool isArray)
    {
        ReadOnlySpan<string> fields =
            ["base", "size", "pamt1gBase", "pamt1gSize", "pamt2mBase", "pamt2mSize", "pamt4kBase", "pamt4kSize"];
        for (var i = 0; i < fields.Length; i++)
        {
            Write(pa + (8 * (ulong)i), isArray
                ? RecordedValue.Number(tdmr[i])
                : RecordedValue.Number(tdmr, fields[i], 0));
        }

        if (isArray && tdmr.GetArrayLength() <= fields.Length)
            return;

        var at = pa + TdmrInfo.ReservedOffset;
        var areas = isArray ? tdmr[fields.Length].EnumerateArray() : RecordedValue.Items(tdmr, "rsvd");
        foreach (var area in areas.Take(TdmrInfo.ReservedSlots))
        {
            Write(at, RecordedValue.Number(area[0]));
            Write(at + 8, RecordedValue.Number(area[1]));
            at += 16;
        }
    }
}
