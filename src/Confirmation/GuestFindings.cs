// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using TdxVerify.Scenarios;

namespace TdxVerify.Confirmation;

/// <summary>Findings of running kernels in a folder, three files each: the scenario, the recorded boot, and what the
/// kernel printed. On disk before they are on the screen.</summary>
/// <param name="folder">The folder; it is made when the first finding is written.</param>
public sealed class GuestFindings(string folder)
{
    /// <summary>Writes a finding; a second time over itself.</summary>
    /// <param name="kernelArgument">As the user named the kernel.</param>
    /// <returns>The scenario file.</returns>
    public string Write(GuestVerdict verdict, ConfirmPlan plan, string kernelArgument)
    {
        Directory.CreateDirectory(folder);
        var release = plan.Kernel.Release;
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"guest-{release}-{plan.Seed}-{plan.Layouts}-{plan.Sequences}-{verdict.Case}");
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {verdict.Kind.ReplaceLineEndings(" ")}\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"# seed {plan.Seed}, case {verdict.Case} of {plan.Layouts} layouts and {plan.Sequences} sequences\n");
        text.Append(
            CultureInfo.InvariantCulture, $"# confirm --qemu --kernel {kernelArgument} ({plan.Kernel.Name})\n");
        text.Append(ScenarioWriter.Write(verdict.Scenario));
        Write(name + ".log", verdict.Console);
        Write(name + ".jsonl", verdict.Record.GetRawText() + "\n");
        return Write(name + ".scn", text.ToString());
    }

    /// <summary>A reader never sees half a file.</summary>
    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        var half = path + "." + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(half, text);
        File.Move(half, path, overwrite: true);
        return path;
    }
}
