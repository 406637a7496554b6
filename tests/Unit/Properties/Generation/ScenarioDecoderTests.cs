// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Properties.Generation;
using TdxVerify.Scenarios;

namespace TdxVerify.Tests.Unit.Properties.Generation;

/// <summary>A fuzzer may hand over anything.</summary>
public sealed class ScenarioDecoderTests
{
    [Fact]
    public void AnyBytesAreAScenarioThatCanBeWrittenAndRead()
    {
        var scenario = new Scenario();
        for (ulong number = 0; number < 2000; number++)
        {
            ScenarioDecoder.Fill(scenario, Bytes(number, (int)(number % ScenarioDecoder.MaxBytes)));
            var text = ScenarioWriter.Write(scenario);
            Assert.Equal(text, ScenarioWriter.Write(ScenarioText.Read(text)));
        }
    }

    [Fact]
    public void InputThatEndsEarlyReadsAsZeros()
    {
        var bytes = Bytes(1, ScenarioDecoder.MaxBytes);
        for (var length = 0; length < bytes.Length; length++)
        {
            var padded = new byte[ScenarioDecoder.MaxBytes];
            bytes.AsSpan(0, length).CopyTo(padded);
            Assert.Equal(TextOf(padded), TextOf(bytes.AsSpan(0, length)));
        }
    }

    [Fact]
    public void NoScenarioNeedsMoreBytes()
    {
        var bytes = new byte[2 * ScenarioDecoder.MaxBytes];
        bytes.AsSpan().Fill(byte.MaxValue);
        Assert.Equal(TextOf(bytes.AsSpan(0, ScenarioDecoder.MaxBytes)), TextOf(bytes));
    }

    private static string TextOf(ReadOnlySpan<byte> bytes)
    {
        var scenario = new Scenario();
        ScenarioDecoder.Fill(scenario, bytes);
        return ScenarioWriter.Write(scenario);
    }

    private static byte[] Bytes(ulong number, int length)
    {
        var bytes = new byte[ScenarioDecoder.MaxBytes];
        ScenarioDecoder.Randomize(bytes, number);
        return bytes[..length];
    }
}
