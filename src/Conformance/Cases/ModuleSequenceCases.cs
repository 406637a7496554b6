// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Model.TdxModule;

namespace TdxVerify.Conformance.Cases;

/// <summary>Several leaf calls on one module, called below the dispatcher: status, state and what the module
/// keeps.</summary>
internal sealed class ModuleSequenceCases : ICaseFormat
{
    private const int MaxRepeats = 1 << 24;

    private static readonly string[] Keys = ["f", "seq", "st"];
    private static readonly string[] AnswerKeys = ["status", "state", "numTdmrs", "globalHkid", "kotOfKeyid", "rdx"];

    public string Name => "TDX module, sequences of calls";

    /// <inheritdoc/>
    public bool Matches(JsonElement recorded) =>
        recorded.TryGetProperty("seq", out var calls) && calls.ValueKind == JsonValueKind.Array;

    /// <inheritdoc/>
    public IReadOnlyList<CaseDifference> Run(JsonElement recorded)
    {
        var requests = recorded.GetProperty("seq").EnumerateArray().ToArray();
        var answers = RecordedValue.Items(recorded, "st").ToArray();
        var differences = new List<CaseDifference>();
        if (requests.Length != answers.Length)
            differences.Add(new CaseDifference("st", $"{answers.Length} answers", $"{requests.Length} answers"));

        SimulatedModule? module = null;
        for (var i = 0; i < Math.Min(requests.Length, answers.Length); i++)
        {
            var request = new ModuleRequest(requests[i]);
            var isKept = module is not null && RecordedValue.Int(requests[i], "keep", 0) != 0;
            module = isKept ? module! : request.NewModule();
            var answer = new RecordedAnswer();
            Call(module, request, isKept, answers[i], answer);
            differences.AddRange(answer.Differences.Select(d => d with { Field = $"st[{i}].{d.Field}" }));
        }

        var whole = new RecordedAnswer();
        whole.RejectUnknown(recorded, Keys);
        differences.AddRange(whole.Differences);
        return differences;
    }

    private static void Call(
        SimulatedModule module, ModuleRequest request, bool isKept, JsonElement recorded, RecordedAnswer answer)
    {
        ulong status;
        ulong? rdx = null, kot = null;
        var op = request.Request.TryGetProperty("op", out var name) ? name.GetString() : "config";
        switch (op)
        {
            case "config":
                if (isKept)
                    request.SetPlatform(module.Platform);

                status = module.SysConfig(request.ArrayPa, request.Count, request.KeyId, request);
                kot = (ulong)module.KotState(request.KeyId & 0xffff);
                break;
            case "keyConfig":
                status = module.SysKeyConfig(
                    RecordedValue.Int(request.Request, "pkg", 0),
                    RecordedValue.Number(request.Request, "pconfig", TdxStatus.Success));
                break;
            case "tdmrInit":
                status = Repeat(module, request.Request, out var next);
                rdx = next;
                break;
            default:
                throw new MalformedCaseException("op config, keyConfig or tdmrInit", op ?? "null");
        }

        answer.Compare(recorded, "status", RecordedAnswer.Number(status));
        answer.Compare(recorded, "state", RecordedAnswer.Number((ulong)module.State));
        answer.Compare(recorded, "numTdmrs", RecordedAnswer.Number((ulong)module.TdmrCount));
        answer.Compare(recorded, "globalHkid", RecordedAnswer.Number(module.GlobalHkid));
        answer.Compare(recorded, "kotOfKeyid", kot is { } state ? RecordedAnswer.Number(state) : "absent");
        answer.Compare(recorded, "rdx", rdx is { } address ? RecordedAnswer.Number(address) : "absent");
        answer.RejectUnknown(recorded, AnswerKeys);
    }

    private static ulong Repeat(SimulatedModule module, JsonElement request, out ulong next)
    {
        var pa = RecordedValue.Number(request, "pa", 0);
        var times = RecordedValue.Between(request, "times", 1, MaxRepeats, 1);
        var status = module.SysTdmrInit(pa, out next);
        for (var i = 1; i < times; i++)
            status = module.SysTdmrInit(pa, out next);

        return status;
    }
}
