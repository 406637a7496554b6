// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.Source;

namespace TdxVerify.Mutation.Operators;

/// <summary>Rules about the arguments of a call.</summary>
internal static class CallOperators
{
    public static IEnumerable<SourceEdit> Swapped(CFunction function)
    {
        var tokens = function.Tokens;
        foreach (var i in Places.Tokens(function))
        {
            if (tokens[i].Kind != CTokenKind.Word || !tokens[i + 1].Is("(") || tokens[i].Text is "min" or "max")
                continue;

            var arguments = Places.Arguments(tokens, i + 1);
            for (var a = 0; a + 1 < arguments.Count; a++)
            {
                var (left, right) = (Text(function, arguments[a]), Text(function, arguments[a + 1]));
                if (left != right)
                    yield return function.File.Replace(arguments[a].First, arguments[a + 1].End, $"{right}, {left}");
            }
        }
    }

    private static string Text(CFunction function, (int First, int End) argument) =>
        function.File.TextOf(argument.First, argument.End);
}
