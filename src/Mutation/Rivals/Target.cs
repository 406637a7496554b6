// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Properties.Generation;
using TdxVerify.Scenarios;
using TdxVerify.Search;
using TdxVerify.Search.Workers;

namespace TdxVerify.Mutation.Rivals;

/// <summary>The process that runs and judges the cases of a rival, as a worker runs those of a search.</summary>
public sealed class Target : IDisposable
{
    private readonly TargetPlan _plan;
    private readonly Journal _journal;
    private readonly CaseJudge _judge;
    private readonly ScenarioGenerator _generator;
    private ulong _cases;

    private Target(TargetPlan plan)
    {
        _plan = plan;
        _journal = new Journal(plan.Journal);
        _judge = CampaignParts.Judge(plan.Campaign);
        _generator = CampaignParts.Generator(plan.Campaign);
    }

    /// <summary>Takes bytes of AFL++ where it started this process, else scenarios from standard input, until
    /// something is violated or no case is left.</summary>
    /// <param name="planFile">A <see cref="TargetPlan"/> as JSON.</param>
    public static void Run(string planFile, TextReader input)
    {
        var plan = JsonSerializer.Deserialize<TargetPlan>(File.ReadAllText(planFile))!;
        using var target = new Target(plan);
        if (ForkServer.IsAskedFor)
        {
            var scenario = new Scenario();
            EdgeMap.Open(plan.Campaign.Kernel!.Library);
            ForkServer.Serve(bytes =>
            {
                ScenarioDecoder.Fill(scenario, bytes);
                return target.IsHarmless(scenario);
            });
            return;
        }

        foreach (var text in ScenarioStream.Read(input))
        {
            if (!target.IsHarmless(ScenarioText.Read(text)))
                return;
        }
    }

    public void Dispose() => _journal.Dispose();

    private bool IsHarmless(Scenario scenario)
    {
        _journal.Begin(_cases);
        _generator.EnableDuringBoot(scenario);
        _judge.IsGuarded = CampaignPlan.HasGuards(_cases);
        _judge.Run(scenario);
        foreach (var violation in _judge.Judge(_cases, CampaignPlan.HasMetamorphic(_cases)))
        {
            if (_plan.Campaign.IsStoppedBy(violation))
            {
                File.WriteAllText(_plan.Hit + ".new", JsonSerializer.Serialize(violation));
                File.Move(_plan.Hit + ".new", _plan.Hit);
                return false;
            }
        }

        _cases++;
        _journal.End();
        return true;
    }
}
