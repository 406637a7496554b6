// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.Rivals;

namespace TdxVerify.Tests.Unit.Mutation.Rivals;

public sealed class ScenarioStreamTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a\nb\n\nc\n\n", new[] { "a\nb\n", "c\n" })]
    [InlineData("a\n\n\n", new[] { "a\n", "" })]
    [InlineData("a\n\ncut off", new[] { "a\n" })]
    public void AnEmptyLineEndsAScenario(string text, string[] scenarios) =>
        Assert.Equal(scenarios, ScenarioStream.Read(new StringReader(text)));
}
