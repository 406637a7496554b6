// SPDX-License-Identifier: MIT

namespace TdxVerify.Search;

/// <summary>Numbered jobs on several threads: begun in order, and told in order.</summary>
public static class OrderedWork
{
    /// <summary>Runs jobs until all are done or one is cancelled; those that were begun are ended.</summary>
    /// <param name="job">Job and thread, both from 0; throws OperationCanceledException when it is cancelled.</param>
    /// <param name="tell">Hears of each as soon as it and those in front of it are done.</param>
    /// <exception cref="AggregateException">A job failed.</exception>
    public static void Run<T>(int count, int threads, Func<int, int, T> job, Action<T> tell)
    {
        var done = new Dictionary<int, T>();
        var gate = new Lock();
        var (next, told) = (-1, 0);
        List<Exception> failures = [];
        var workers = Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            try
            {
                while (Interlocked.Increment(ref next) is var i && i < count)
                {
                    var result = job(i, thread);
                    lock (gate)
                    {
                        for (done.Add(i, result); done.Remove(told, out var earliest); told++)
                            tell(earliest);
                    }
                }
            }
#pragma warning disable CA1031 // A thread's failure is raised again by the one that started it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Volatile.Write(ref next, count);
                lock (gate)
                {
                    if (failure is not OperationCanceledException)
                        failures.Add(failure);
                }
            }
        })).ToList();
        workers.ForEach(static t => t.Start());
        workers.ForEach(static t => t.Join());

        // What is done counts, although one in front of it was cancelled.
        foreach (var (_, result) in done.OrderBy(static d => d.Key))
            tell(result);

        if (failures.Count > 0)
            throw new AggregateException(failures);
    }
}
