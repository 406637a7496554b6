// SPDX-License-Identifier: MIT

using System.Runtime.CompilerServices;

namespace FsCheck.Xunit;

/// <summary>Settings for all properties of a class, of the classes nested in it, or of an assembly.</summary>
/// <param name="sourceFilePath">Filled in by the compiler.</param>
/// <param name="sourceLineNumber">Filled in by the compiler.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Assembly)]
public sealed class PropertiesAttribute(
    [CallerFilePath] string? sourceFilePath = null,
    [CallerLineNumber] int sourceLineNumber = -1) : PropertyAttribute(sourceFilePath, sourceLineNumber);
