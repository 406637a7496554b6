// SPDX-License-Identifier: MIT

using System.Text;

namespace TdxVerify.Mutation.Rivals;

/// <summary>Scenarios one behind the other, each with an empty line behind it.</summary>
public static class ScenarioStream
{
    public static IEnumerable<string> Read(TextReader input)
    {
        var text = new StringBuilder();
        while (input.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                text.Append(line).Append('\n');
                continue;
            }

            yield return text.ToString();
            text.Clear();
        }
    }
}
