// SPDX-License-Identifier: MIT

using Xunit.Sdk;
using Xunit.v3;

namespace FsCheck.Xunit;

/// <summary>A test case that FsCheck runs.</summary>
public sealed class PropertyTestCase : XunitTestCase, ISelfExecutingXunitTestCase
{
    /// <summary>For the de-serializer alone.</summary>
    [Obsolete("For the de-serializer alone.")]
    public PropertyTestCase()
    {
    }

    /// <inheritdoc cref="XunitTestCase(IXunitTestMethod, string, string, bool, Type[], string, Type, string, string, Dictionary{string, HashSet{string}}, object[], string, int?, int?)"/>
    public PropertyTestCase(
        IXunitTestMethod testMethod,
        string testCaseDisplayName,
        string uniqueID,
        bool @explicit,
        Type[]? skipExceptions = null,
        string? skipReason = null,
        Type? skipType = null,
        string? skipUnless = null,
        string? skipWhen = null,
        Dictionary<string, HashSet<string>>? traits = null,
        object?[]? testMethodArguments = null,
        string? sourceFilePath = null,
        int? sourceLineNumber = null,
        int? timeout = null)
        : base(
            testMethod, testCaseDisplayName, uniqueID, @explicit, skipExceptions, skipReason, skipType, skipUnless, skipWhen,
            traits, testMethodArguments, sourceFilePath, sourceLineNumber, timeout)
    {
    }

    /// <inheritdoc/>
    public async ValueTask<RunSummary> Run(
        ExplicitOption explicitOption,
        IMessageBus messageBus,
        object?[] constructorArguments,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
    {
        var tests = await aggregator.RunAsync(CreateTests, []);
        return await new PropertyTestCaseRunner().Run(
            this, tests, messageBus, aggregator, cancellationTokenSource, TestCaseDisplayName, SkipReason, explicitOption, constructorArguments);
    }
}
