// SPDX-License-Identifier: MIT

using Microsoft.FSharp.Core;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace FsCheck.Xunit;

/// <summary>Does everything as for a fact, but calls the method through FsCheck.</summary>
internal sealed class PropertyTestRunner : XunitTestRunner
{
    protected override ValueTask<TimeSpan> InvokeTest(XunitTestRunnerContext ctxt, object? testClassInstance)
    {
        var output = TestContext.Current.TestOutputHelper!;
        // FsCheck blocks on tasks: on the thread pool their continuations find another thread.
        return ExecutionTimer.MeasureAsync(() => ctxt.Aggregator.RunAsync(
            async () => await Task.Run(() => Check(ctxt.Test.TestMethod, testClassInstance, output))));
    }

    private static void Check(IXunitTestMethod testMethod, object? instance, ITestOutputHelper output)
    {
        if (AsyncUtility.IsAsyncVoid(testMethod.Method))
        {
            throw new PropertyFailedException("The property is async void: nobody would see it fail. It must return a Task.", null);
        }

        var runner = new XunitRunner();
        var config = PropertyConfig.From(PropertySettings.Of(testMethod.TestClass.Class, testMethod.Method), runner, output);
        FsCheck.Check.Method(config, testMethod.Method, instance is null ? null : FSharpOption<object>.Some(instance));
        Report(runner.Result!, output);
    }

    private static void Report(TestResult result, ITestOutputHelper output)
    {
        switch (result)
        {
            case TestResult.Passed:
                if (Runner.onFinishedToString("", result) is { Length: > 0 } text)
                {
                    output.WriteLine(text.TrimEnd());
                }

                break;
            case TestResult.Failed { Item4: Outcome.Failed outcome } failed:
                var message = Runner.onFailureToString("", failed.Item1, failed.Item2, failed.Item3, failed.Item5, failed.Item6, failed.Item7);
                throw new PropertyFailedException(Environment.NewLine + message, outcome.Item);
            default:
                throw new PropertyFailedException(result);
        }
    }
}
