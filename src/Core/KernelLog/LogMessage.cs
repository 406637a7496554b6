// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.KernelLog;

/// <summary>A message that was read from a log.</summary>
/// <param name="Text">The message as it stands in the log, without its prefix.</param>
/// <param name="First">B of the line, 0 where the spelling has none; the other numbers likewise.</param>
/// <param name="IsClosed">The bracket or full stop that ends the template is there, too.</param>
public sealed record LogMessage(
    MessageTemplate Template, string Text, ulong First, ulong Second, ulong Third, bool IsClosed)
{
    public KernelLine Line => Template.Line;
}
