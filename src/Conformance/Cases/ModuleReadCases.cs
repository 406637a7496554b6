// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Model.TdxModule;

namespace TdxVerify.Conformance.Cases;

/// <summary>TDH.SYS.RD: status, next field and value.</summary>
internal sealed class ModuleReadCases : ICaseFormat
{
    private static readonly string[] Keys = ["f", "st", "rdx", "r8", "in"];

    public string Name => "TDX module, TDH.SYS.RD";

    /// <inheritdoc/>
    public bool Matches(JsonElement recorded) =>
        recorded.TryGetProperty("in", out var request) && request.ValueKind == JsonValueKind.Object
        && request.TryGetProperty("op", out var op) && op.ValueEquals("sysRd");

    /// <inheritdoc/>
    public IReadOnlyList<CaseDifference> Run(JsonElement recorded)
    {
        var request = new ModuleRequest(recorded.GetProperty("in"));
        var module = request.NewModule();
        if (RecordedValue.Int(request.Request, "lpInit", 1) != 0)
            module.SysLpInit(0);

        var answer = new RecordedAnswer();
        try
        {
            var status =
                module.SysRd(
                    0, RecordedValue.Number(request.Request.GetProperty("field")), out var next, out var value);
            answer.Compare(recorded, "st", RecordedAnswer.Number(status));
            answer.Compare(recorded, "rdx", RecordedAnswer.Number(next));
            answer.Compare(recorded, "r8", RecordedAnswer.Number(value));
        }
        catch (UnknownModuleRuleException unknown)
        {
            answer.Compare("r8", null, unknown.Message);
        }

        answer.RejectUnknown(recorded, Keys);
        return answer.Differences;
    }
}
