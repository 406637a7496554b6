// SPDX-License-Identifier: MIT

using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace FsCheck.Xunit;

/// <summary>Keeps the result of a check; what is written on the way is up to the configuration.</summary>
internal sealed class XunitRunner : IRunner
{
    public TestResult? Result { get; private set; }

    public void OnStartFixture(Type value)
    {
    }

    public void OnArguments(int value1, FSharpList<object> value2, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> value3) =>
        FSharpFunc<int, FSharpList<object>>.InvokeFast(value3, value1, value2);

    public void OnShrink(FSharpList<object> value1, FSharpFunc<FSharpList<object>, string> value2) => value2.Invoke(value1);

    public void OnFinished(string value1, TestResult value2) => Result = value2;
}
