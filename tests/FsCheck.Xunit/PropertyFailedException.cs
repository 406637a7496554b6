// SPDX-License-Identifier: MIT

namespace FsCheck.Xunit;

/// <summary>A property was falsified, ran out of cases, or can't be checked as it is set.</summary>
public sealed class PropertyFailedException : Exception
{
    /// <summary>With FsCheck's report of a result.</summary>
    /// <param name="testResult">The result.</param>
    public PropertyFailedException(TestResult testResult)
        : base(Environment.NewLine + Runner.onFinishedToString("", testResult))
    {
    }

    /// <summary>With a message and the exception that falsified the property.</summary>
    /// <param name="userMessage">The message.</param>
    /// <param name="innerException">The exception, if there is one.</param>
    public PropertyFailedException(string userMessage, Exception? innerException)
        : base(userMessage, innerException)
    {
    }
}
