// SPDX-License-Identifier: MIT

using Xunit.v3;

namespace FsCheck.Xunit;

/// <summary>Hands the test of a <see cref="PropertyTestCase"/> to a <see cref="PropertyTestRunner"/>.</summary>
internal sealed class PropertyTestCaseRunner : XunitTestCaseRunner
{
    protected override ValueTask<RunSummary> RunTest(XunitTestCaseRunnerContext ctxt, IXunitTest test) =>
        new PropertyTestRunner().Run(
            test, ctxt.MessageBus, ctxt.ConstructorArguments, ctxt.ExplicitOption, ctxt.Aggregator.Clone(), ctxt.CancellationTokenSource,
            ctxt.BeforeAfterTestAttributes);
}
