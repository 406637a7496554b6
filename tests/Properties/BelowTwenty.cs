// SPDX-License-Identifier: MIT

using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>A false property, abstract to stay out of the suite: <see cref="AttributedClass"/> derives from it.</summary>
public abstract class BelowTwenty
{
    [Property]
    public bool Below(int n) => n < 20;
}
