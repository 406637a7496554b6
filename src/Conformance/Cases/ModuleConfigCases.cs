// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Conformance.Cases;

/// <summary>TDH.SYS.CONFIG, and the CMR check of TDH.SYS.INIT: one call, its full status.</summary>
internal sealed class ModuleConfigCases : ICaseFormat
{
    private static readonly string[] Keys = ["f", "st", "in"];

    public string Name => "TDX module, TDH.SYS.CONFIG and CMR check";

    /// <inheritdoc/>
    public bool Matches(JsonElement recorded) =>
        recorded.TryGetProperty("in", out var request) && request.ValueKind == JsonValueKind.Object
        && (!request.TryGetProperty("op", out var op) || op.ValueEquals("config") || op.ValueEquals("checkCmrs"));

    /// <inheritdoc/>
    public IReadOnlyList<CaseDifference> Run(JsonElement recorded)
    {
        var request = new ModuleRequest(recorded.GetProperty("in"));
        var module = request.NewModule();
        var isCmrCheck = request.Request.TryGetProperty("op", out var op) && op.ValueEquals("checkCmrs");
        var status = isCmrCheck
            ? module.CheckCmrs()
            : module.SysConfig(request.ArrayPa, request.Count, request.KeyId, request);
        var answer = new RecordedAnswer();
        answer.Compare(recorded, "st", RecordedAnswer.Number(status));
        answer.RejectUnknown(recorded, Keys);
        return answer.Differences;
    }
}
