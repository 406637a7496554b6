// SPDX-License-Identifier: MIT

using System.Text;

namespace TdxVerify.Scenarios;

/// <summary>Scenarios that are handed on as text, as <see cref="ScenarioWriter"/> writes them.</summary>
public static class ScenarioText
{
    public static Scenario Read(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return LogReader.Read(stream, "scenario").Scenario;
    }
}
