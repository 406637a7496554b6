// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Shrinking;

/// <summary>Makes a failing scenario smaller until no pass finds a smaller one that still fails.</summary>
public sealed class Shrinker
{
    private readonly Func<Scenario, bool> _fails;
    private readonly int _mostEvaluations;
    private readonly Action<Scenario, Scenario>? _onCandidate;
    private readonly HashSet<ScenarioMeasure> _tried = [];
    private ScenarioMeasure _measure;

    /// <summary>A shrinker.</summary>
    /// <param name="fails">True when a scenario still fails in the same way and is not known.</param>
    /// <param name="mostEvaluations">How often it may be asked.</param>
    /// <param name="onCandidate">Sees every candidate, with what it comes from, before it is asked.</param>
    public Shrinker(
        Func<Scenario, bool> fails, int mostEvaluations, Action<Scenario, Scenario>? onCandidate = null)
    {
        _fails = fails;
        _mostEvaluations = mostEvaluations;
        _onCandidate = onCandidate;
        Smallest = new Scenario();
        _measure = ScenarioMeasure.Of(Smallest);
    }

    public Scenario Smallest { get; private set; }

    /// <summary>How often the question was asked.</summary>
    public int Evaluations { get; private set; }

    /// <summary>True when no more may be asked.</summary>
    public bool IsExhausted => Evaluations >= _mostEvaluations;

    /// <summary>A scenario that fails, as small as is found from one that does.</summary>
    public Scenario Shrink(Scenario found)
    {
        Smallest = Copy(found);
        _measure = ScenarioMeasure.Of(Smallest);
        do
        {
            while (Shrinks(CheapPasses))
            {
            }
        }
        while (Shrinks(LastPasses));

        return Smallest;
    }

    /// <summary>Tries a change of the smallest scenario.</summary>
    /// <param name="change">Makes the change on a copy, or leaves it as it is.</param>
    /// <returns>True when the changed scenario is smaller and still fails; then it is the smallest.</returns>
    internal bool Try(Action<Scenario> change)
    {
        if (IsExhausted)
            return false;

        var candidate = Copy(Smallest);
        change(candidate);
        var measure = ScenarioMeasure.Of(candidate);
        if (!(measure < _measure) || !_tried.Add(measure))
            return false;

        _onCandidate?.Invoke(Smallest, candidate);
        Evaluations++;
        if (!_fails(candidate))
            return false;

        Smallest = candidate;
        _measure = measure;
        return true;
    }

    /// <summary>Tries changes in order, up to the first that is taken.</summary>
    internal bool TryAny(params ReadOnlySpan<Action<Scenario>> changes)
    {
        foreach (var change in changes)
        {
            if (Try(change))
                return true;
        }

        return false;
    }

    private static void CheapPasses(Shrinker shrinker)
    {
        MachinePass.Run(shrinker);
        StepPass.Run(shrinker);
        FaultPass.Run(shrinker);
        ListPass.Run(shrinker);
        KindPass.Run(shrinker);
        LifePass.Run(shrinker);
        AddressPass.Run(shrinker);
        RangePass.Run(shrinker);
    }

    /// <summary>What takes long, or merges what nothing takes apart again.</summary>
    private static void LastPasses(Shrinker shrinker)
    {
        SequencePass.Run(shrinker);
        AddressPass.Close(shrinker);
    }

    private bool Shrinks(Action<Shrinker> pass)
    {
        var before = _measure;
        pass(this);
        return _measure < before && !IsExhausted;
    }

    private static Scenario Copy(Scenario scenario)
    {
        var copy = new Scenario();
        copy.CopyFrom(scenario);
        return copy;
    }
}
