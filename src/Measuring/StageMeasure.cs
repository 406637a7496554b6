// SPDX-License-Identifier: MIT

using System.Diagnostics;
using TdxVerify.Model;
using TdxVerify.Model.Memblock;
using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Search.Coverage;
using TdxVerify.Subjects;

namespace TdxVerify.Measuring;

/// <summary>
/// How the time of a case is made up. Each line of the pipeline is one stage longer than the one before; a stage is
/// the difference. The module is the difference between a run with its recorded answers and a run with itself.
/// </summary>
internal sealed class StageMeasure
{
    private const int Batch = 256;
    private const int RoundsPerBatch = 5;

    private static readonly string[] Names =
        ["generate", "boot", "init", "module", "invariants", "relations", "coverage"];
    private readonly ulong _seed;
    private readonly Scenario _scenario = new();
    private readonly ScenarioGenerator _generator = new(Strategy.Mixed);
    private readonly BootFlow _bootFlow = new();
    private readonly MemblockTable _memblock = new();
    private readonly RecordedModule _recorded = new();
    private readonly ModelHost _recording;
    private readonly ModelHost _replaying;
    private readonly ModelHost _subject = new(KernelPolicy.Merged, Modules.Reloaded());
    private readonly CaseJudge _judge = CampaignParts.Judge(new CampaignPlan());
    private readonly CoverageCount _coverage = new();
    private readonly Action[] _lines;
    private ulong _first;

    public StageMeasure(ulong seed)
    {
        _seed = seed;
        var reload = Modules.Reloaded();
        _recording = new ModelHost(KernelPolicy.Merged, s => _recorded.With(reload(s)));
        _replaying = new ModelHost(KernelPolicy.Merged, _ => _recorded.With(null));
        _lines =
        [
            Line(static (_, _, _) => { }),
            Line(static (m, _, _) => m._bootFlow.Run(m._scenario.Machine, m._memblock)),
            Line(static (m, _, _) => m._replaying.Run(m._scenario)),
            Line(static (m, _, _) => m._subject.Run(m._scenario)),
            Line(static (m, _, _) => m.Judge(withMetamorphic: false)),
            Line(static (m, index, _) => m.Judge(CampaignPlan.HasMetamorphic(index))),
            Line(static (m, index, strategy) =>
            {
                m.Judge(CampaignPlan.HasMetamorphic(index));
                m._coverage.Count(strategy, m._judge.Facts);
            }),
        ];
    }

    public IReadOnlyList<StageFigure> Run(TimeSpan time)
    {
        Prepare();
        Rounds.Heat(_lines);
        var sums = new double[_lines.Length];
        var cases = 0;
        for (var clock = Stopwatch.StartNew(); cases == 0 || clock.Elapsed < time; _first += Batch)
        {
            Prepare();
            var least = Rounds.Least(RoundsPerBatch, _lines);
            sums = [.. sums.Zip(least, static (sum, line) => sum + line)];
            cases += Batch;
        }

        var stages =
            Names.Select(
                (name, i) =>
                    (Name: name, Nanoseconds: (i == 0 ? sums[0] : Math.Max(0, sums[i] - sums[i - 1])) / cases))
                        .ToList();
        var total = stages.Sum(static s => s.Nanoseconds);
        return [.. stages.Select(s => new StageFigure(s.Name, s.Nanoseconds, s.Nanoseconds / total))];
    }

    /// <summary>Writes the module's answers to the next cases down; not measured.</summary>
    /// <exception cref="InvalidOperationException">With the same answers the host code went another way.</exception>
    private void Prepare()
    {
        _recorded.Record();
        for (var i = 0; i < Batch; i++)
        {
            _generator.Fill(_scenario, _seed, _first + (ulong)i);
            _recording.Run(_scenario);
        }

        _lines[2]();
        if (!_recorded.IsAtEnd)
            throw new InvalidOperationException("a run with recorded answers is another run");
    }

    private Action Line(Action<StageMeasure, ulong, Strategy> rest) => () =>
    {
        _recorded.Rewind();
        for (var index = _first; index < _first + Batch; index++)
            rest(this, index, _generator.Fill(_scenario, _seed, index));
    };

    private void Judge(bool withMetamorphic)
    {
        _judge.Run(_scenario);
        _judge.Judge(0, withMetamorphic);
    }
}
