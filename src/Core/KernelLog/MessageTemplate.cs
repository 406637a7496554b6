// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Globalization;
using System.Text;

namespace TdxVerify.Core.KernelLog;

/// <summary>
/// One spelling of a message, as printk() is given it. Its numbers are those of the line. %s stands for text that says
/// nothing here: only logs are read by such a spelling.
/// </summary>
public sealed class MessageTemplate
{
    private const int MaxNumbers = 3;

    private static readonly SearchValues<char> Flags = SearchValues.Create("#0- +.123456789lhz");

    private readonly Piece[] _pieces;
    private readonly string _lead;
    private readonly string _tail;
    private readonly string _closing;

    internal MessageTemplate(KernelLine line, LogLevel level, string prefix, string text)
    {
        (Line, Level, Prefix, Text) = (line, level, prefix, text);
        var end = prefix.IndexOf(KernelMessages.Needle, StringComparison.Ordinal) + KernelMessages.Needle.Length;
        _lead = prefix[end..];
        _pieces = [.. Cut(text, out var tail)];
        _tail = tail.TrimEnd(')', '.');
        _closing = tail[_tail.Length..];
    }

    public KernelLine Line { get; }

    public LogLevel Level { get; }

    /// <summary>What stands in front: pr_fmt(), and what messages of a kind have in common.</summary>
    public string Prefix { get; }

    public string Text { get; }

    /// <summary>The mainline release that has it first; null: none has.</summary>
    public Version? Since { get; init; }

    /// <summary>The mainline release that no longer has it, or null.</summary>
    public Version? Until { get; init; }

    /// <summary>Null, or what it lacks: it is what is left of a line that was cut or damaged.</summary>
    public string? Lacks { get; init; }

    /// <summary>It gives the reason of a failure.</summary>
    public bool IsReason => _lead.Length > 0;

    /// <summary>It can be the format of a printk().</summary>
    public bool IsFormat => Lacks is null && !Array.Exists(_pieces, static p => p.Conversion == 's');

    /// <summary>A kernel of that mainline release prints it.</summary>
    public bool IsOf(Version release) => Since is not null && Since <= release && (Until is null || release < Until);

    /// <summary>The message with its numbers, as the kernel prints it.</summary>
    public string Print(ulong first = 0, ulong second = 0, ulong third = 0)
    {
        var text = new StringBuilder(Prefix);
        ReadOnlySpan<ulong> numbers = [first, second, third];
        foreach (var piece in _pieces)
        {
            text.Append(piece.Literal).Append(piece.Conversion == 's' ? "..." : piece.Print(numbers[0]));
            numbers = piece.Conversion == 's' ? numbers : numbers[1..];
        }

        return text.Append(_tail).Append(_closing).ToString();
    }

    /// <summary>Reads a message by this spelling; what follows in the line does not matter.</summary>
    internal LogMessage? Read(ReadOnlySpan<char> text)
    {
        var scanner = new LineScanner(text);
        if (IsReason && !scanner.Past(_lead))
        {
            return null;
        }

        var own = scanner.Rest;
        Span<ulong> numbers = stackalloc ulong[MaxNumbers];
        var count = 0;
        var isAnywhere = false;
        foreach (var piece in _pieces)
        {
            if (!(isAnywhere ? scanner.Past(piece.Literal) : scanner.Word(piece.Literal)))
            {
                return null;
            }

            isAnywhere = piece.Conversion == 's';
            if (!isAnywhere && !piece.Read(ref scanner, out numbers[count++]))
            {
                return null;
            }
        }

        return (isAnywhere ? scanner.Past(_tail) : scanner.Word(_tail))
            ? new LogMessage(this, own.ToString(), numbers[0], numbers[1], numbers[2], scanner.Word(_closing))
            : null;
    }

    /// <summary>Every conversion as a bare %: its length and width are the kernel's own business.</summary>
    internal static string Plain(string format)
    {
        var plain = new StringBuilder(format.Length);
        var pieces = Cut(format, out var tail);
        foreach (var piece in pieces)
        {
            plain.Append(piece.Literal).Append('%');
        }

        return plain.Append(tail).ToString();
    }

    private static List<Piece> Cut(string format, out string tail)
    {
        var pieces = new List<Piece>();
        var start = 0;
        for (var at = format.IndexOf('%', StringComparison.Ordinal); at >= 0; at = format.IndexOf('%', start))
        {
            var flags = format.AsSpan(at + 1);
            var length = flags.IndexOfAnyExcept(Flags);
            length = length < 0 ? flags.Length : length;
            var width = flags[..length].TrimEnd("lhz");
            var conversion = length < flags.Length ? flags[length] : '%';
            pieces.Add(new Piece(format[start..at], conversion, width.ToString()));
            start = Math.Min(at + length + 2, format.Length);
        }

        tail = format[start..];
        return pieces;
    }

    /// <summary>A conversion and the text in front of it.</summary>
    private readonly record struct Piece(string Literal, char Conversion, string Width)
    {
        public string Print(ulong number) => Conversion switch
        {
            'x' => number.ToString("x" + Width, CultureInfo.InvariantCulture),
            'd' => ((long)number).ToString(CultureInfo.InvariantCulture),
            _ => number.ToString("d" + Width, CultureInfo.InvariantCulture),
        };

        public bool Read(ref LineScanner scanner, out ulong number)
        {
            if (Conversion == 'x')
            {
                return scanner.Digits16(out number);
            }

            var isWhole = scanner.Number(out var value) && (value >= 0 || Conversion == 'd');
            number = unchecked((ulong)value);
            return isWhole;
        }
    }
}
