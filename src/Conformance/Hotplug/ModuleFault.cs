// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>fail_leaf and its companions: calls of one leaf to which who plays the module answers something
/// else.</summary>
internal static class ModuleFault
{
    private static readonly (string Word, ulong Status)[] Words =
    [
        ("UD", TdxStatus.SeamcallUd), ("GP", TdxStatus.SeamcallGp), ("VMFAIL", TdxStatus.SeamcallVmFailInvalid),
    ];

    /// <summary>Reads them; leaf 0: none.</summary>
    public static void Read(JsonElement parameters, Faults faults)
    {
        faults.Seamcalls.Clear();
        var leaf = RecordedValue.Number(parameters, "fail_leaf", 0);
        if (leaf != 0)
        {
            var status = parameters.TryGetProperty("fail_code", out var code) ? StatusOf(code) : 0;
            var times = parameters.TryGetProperty("fail_times", out var some) ? RecordedValue.Int(some) : int.MaxValue;
            faults.Seamcalls.Add(
                new SeamcallFault(leaf, RecordedValue.Int(parameters, "fail_after", 0) + 1, times, status));
        }
    }

    public static ulong StatusOf(JsonElement code)
    {
        var word = code.ValueKind == JsonValueKind.String
            ? Array.Find(Words, w => w.Word == code.GetString())
            : default;
        return word.Word is null ? RecordedValue.Number(code) : word.Status;
    }
}
