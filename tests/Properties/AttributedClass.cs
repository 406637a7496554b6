// SPDX-License-Identifier: MIT

using System.Reflection;
using System.Reflection.Emit;
using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>A class made at run time, for settings that are not known when the tests are compiled or that would hold for all of them.</summary>
internal static class AttributedClass
{
    /// <summary>A class derived from <typeparamref name="TBase"/> with [Properties(setting = value)] on itself.</summary>
    public static Type With<TBase>(string setting, object value)
    {
        var type = NewType<TBase>(NewAssembly());
        type.SetCustomAttribute(Properties(setting, value));
        return type.CreateType();
    }

    /// <summary>A class derived from <typeparamref name="TBase"/> in an assembly with [assembly: Properties(setting = value)].</summary>
    public static Type InAssemblyWith<TBase>(string setting, object value)
    {
        var assembly = NewAssembly();
        assembly.SetCustomAttribute(Properties(setting, value));
        return NewType<TBase>(assembly).CreateType();
    }

    private static AssemblyBuilder NewAssembly() =>
        AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Attributed"), AssemblyBuilderAccess.RunAndCollect);

    private static TypeBuilder NewType<TBase>(AssemblyBuilder assembly) =>
        assembly.DefineDynamicModule("Attributed").DefineType("Attributed", TypeAttributes.Public, typeof(TBase));

    private static CustomAttributeBuilder Properties(string setting, object value)
    {
        var constructor = typeof(PropertiesAttribute).GetConstructors().Single();
        return new(
            constructor,
            [.. constructor.GetParameters().Select(static p => p.DefaultValue)],
            [typeof(PropertiesAttribute).GetProperty(setting)!],
            [value]);
    }
}
