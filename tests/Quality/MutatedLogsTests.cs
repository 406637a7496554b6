// SPDX-License-Identifier: MIT

using System.Text;
using TdxVerify.Diagnosis;
using TdxVerify.Scenarios;
using TdxVerify.Scenarios.Input;

namespace TdxVerify.Tests.Quality;

/// <summary>Readers and prediction on logs that were damaged: they answer or say what is wrong, and nothing else.</summary>
public sealed class MutatedLogsTests
{
    private const int Cases = 100_000;
    private const int ExplainedEvery = 20;
    private const int MaxChars = 12_000;

    private static readonly string[] Splices =
    [
        "0xffffffffffffffff", "0x0", "-", "[mem ", "]", "usable", "node", "\0", "\u00e9", "==>", "99999999999", "BIOS-e820: ", "SRAT: Node 1 PXM 1 ", "tdxverify: ",
        "CMR: [", "virt/tdx: ", "Linux version 6.12 (x)\n", "\n", "\r\n", "> ", "memory[0x0] [", "0x8000000000000000", "numa=fake=", "Command line: memmap=",
    ];

    [Fact]
    public void NoMutationBreaksAReader()
    {
        var seeds = Seeds();
        var outcomes = new int[2];
        Parallel.For(0, Cases, i =>
        {
            var random = new Random(i);
            var text = Mutate(seeds[i % seeds.Length], random);
            try
            {
                using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
                var log = LogReader.Read(stream, "mutant", isStrict: random.Next(8) == 0);
                if (i % ExplainedEvery == 0)
                {
                    Explanation.Of(log, ExplainOptions.None);
                }

                Interlocked.Increment(ref outcomes[0]);
            }
            catch (BadInputException problem)
            {
                Assert.DoesNotContain('\n', problem.Message);
                Assert.StartsWith("mutant:", problem.Message, StringComparison.Ordinal);
                Interlocked.Increment(ref outcomes[1]);
            }
        });

        // Both happen, or the mutations are too tame or too wild to test anything.
        Assert.Equal(Cases, outcomes.Sum());
        Assert.InRange(outcomes[0], Cases / 10, Cases);
        Assert.InRange(outcomes[1], Cases / 1000, Cases);
    }

    private static string[] Seeds()
    {
        var files = new List<string> { Path.Combine(Repository.Root, "docs", "samples", "emerald-rapids.log") };
        if (Repository.Corpus is { } corpus)
        {
            files.AddRange(Directory.GetFiles(Path.Combine(corpus, "layouts")).Order());
        }

        return [.. files.Select(static f => File.ReadAllText(f)).Select(static t => t.Length > MaxChars ? t[..MaxChars] : t)];
    }

    private static string Mutate(string text, Random random)
    {
        var mutant = new StringBuilder(text);
        for (var edits = random.Next(1, 8); edits > 0; edits--)
        {
            var at = random.Next(mutant.Length);
            var length = Math.Min(random.Next(1, 40), mutant.Length - at);
            switch (random.Next(5))
            {
                case 0:
                    mutant.Remove(at, length);
                    break;
                case 1:
                    mutant.Insert(at, Splices[random.Next(Splices.Length)]);
                    break;
                case 2:
                    mutant.Insert(at, mutant.ToString(at, length));
                    break;
                case 3:
                    mutant[at] = (char)random.Next(32, 127);
                    break;
                default:
                    mutant.Length = Math.Max(at, 1);
                    break;
            }

            if (mutant.Length == 0)
            {
                mutant.Append('x');
            }
        }

        return mutant.ToString();
    }
}
