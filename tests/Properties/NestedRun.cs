// SPDX-License-Identifier: MIT

using System.Reflection;
using Xunit.Runner.Common;
using Xunit.Sdk;
using Xunit.v3;

namespace TdxVerify.Tests.Properties;

/// <summary>One property run as xunit would run it, inside another test, so that a failure can be looked at.</summary>
internal sealed class NestedRun : IMessageBus
{
    private readonly List<IMessageSinkMessage> messages = [];

    private NestedRun()
    {
    }

    /// <summary>The message of the failure with those of inner exceptions, or null.</summary>
    public string? Failure => messages.OfType<ITestFailed>().SingleOrDefault() is { } failed
        ? string.Join('\n', failed.ExceptionTypes.Zip(failed.Messages, static (type, message) => $"{type}: {message}"))
        : null;

    /// <summary>Whether the one test has passed.</summary>
    public bool HasPassed => messages.OfType<ITestPassed>().Count() == 1;

    /// <summary>Why the test was skipped, or null.</summary>
    public string? SkipReason => messages.OfType<ITestSkipped>().SingleOrDefault()?.Reason;

    /// <summary>What the test has written.</summary>
    public string Output => messages.OfType<ITestFinished>().Single().Output;

    /// <summary>Discovers the property of this name in a class and runs it.</summary>
    public static async Task<NestedRun> Of(Type testClass, string property)
    {
        var collection = new XunitTestCollection(new XunitTestAssembly(testClass.Assembly, uniqueID: "nested"), null, disableParallelization: false, "nested");
        var method = new XunitTestMethod(new XunitTestClass(testClass, collection), testClass.GetMethod(property)!, []);
        var attribute = method.FactAttributes.Single();
        var discoverer = attribute.GetType().GetCustomAttribute<XunitTestCaseDiscovererAttribute>()!.Type;
        var found = await ((IXunitTestCaseDiscoverer)Activator.CreateInstance(discoverer)!)
            .Discover(TestFrameworkOptions.ForDiscovery(new TestAssemblyConfiguration()), method, attribute);
        var run = new NestedRun();
        using var cancel = new CancellationTokenSource();
        await ((ISelfExecutingXunitTestCase)found.Single()).Run(ExplicitOption.Off, run, [], ExceptionAggregator.Create(), cancel);
        return run;
    }

    public bool QueueMessage(IMessageSinkMessage message)
    {
        lock (messages)
        {
            messages.Add(message);
            return true;
        }
    }

    public void Dispose()
    {
    }
}
