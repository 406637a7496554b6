// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Globalization;

namespace TdxVerify.Core.KernelLog;

/// <summary>One spelling of a message.</summary>
/// <param name="Line">What it says.</param>
/// <param name="Level">The level it is printed at.</param>
/// <param name="Prefix">What stands in front: pr_fmt(), and what messages of a kind have in common.</param>
/// <param name="Text">
/// The format of its printk(). Its numbers are those of the line; %s is text that says nothing here, no kernel's own.
/// </param>
/// <param name="Since">The mainline release that has it first; null: none has.</param>
/// <param name="Until">The mainline release that no longer has it, or null.</param>
/// <param name="Lacks">Null, or what is missing: this is what is left of a line that was cut or damaged.</param>
public sealed record MessageTemplate(
    KernelLine Line,
    LogLevel Level,
    string Prefix,
    string Text,
    Version? Since = null,
    Version? Until = null,
    string? Lacks = null)
{
    private const char End = '\0';
    private const int MaxNumbers = 3;

    private static readonly SearchValues<char> Flags = SearchValues.Create("#0- +.123456789lhz");
    private readonly List<Piece> _pieces = Cut(Text);
    private readonly string _lead = Prefix[(Prefix.IndexOf(':', StringComparison.Ordinal) + 2)..];

    /// <summary>It gives the reason of a failure.</summary>
    public bool IsReason => _lead.Length > 0;

    /// <summary>It can be the format of a printk().</summary>
    public bool IsFormat => Lacks is null && !_pieces.Exists(static p => p.Conversion == 's');

    /// <summary>A kernel of that mainline release prints it.</summary>
    public bool IsOf(Version release) => Since is not null && Since <= release && (Until is null || release < Until);

    /// <summary>The message with its numbers, as the kernel prints it.</summary>
    public string Print(ulong first = 0, ulong second = 0, ulong third = 0)
    {
        var numbers = new Queue<ulong>([first, second, third]);
        return Prefix + string.Concat(_pieces.Select(p => p.Literal + p.Print(numbers)));
    }

    /// <summary>Reads a message by this spelling; what follows in the line does not matter.</summary>
    internal LogMessage? Read(ReadOnlySpan<char> text)
    {
        var scanner = new LineScanner(text);
        if (IsReason && !scanner.Past(_lead))
            return null;

        var own = scanner.Rest;
        Span<ulong> numbers = stackalloc ulong[MaxNumbers];
        var count = 0;
        var isAnywhere = false;
        foreach (var piece in _pieces)
        {
            if (!(isAnywhere ? scanner.Past(piece.Literal) : scanner.Word(piece.Literal)))
                return null;

            isAnywhere = piece.Conversion == 's';
            if (piece.IsNumber && !piece.Read(ref scanner, out numbers[count++]))
                return null;
        }

        var isClosed = scanner.Word(_pieces[^1].Rest);
        return new LogMessage(this, own.ToString(), numbers[0], numbers[1], numbers[2], isClosed);
    }

    /// <summary>A format with every conversion as a bare %: length and width are the kernel's own business.</summary>
    internal static string Plain(string format) =>
        string.Concat(Cut(format).Select(static p => p.Literal + (p.Conversion == End ? p.Rest : "%")));

    private static List<Piece> Cut(string format)
    {
        var pieces = new List<Piece>();
        var start = 0;
        for (var at = format.IndexOf('%', StringComparison.Ordinal); at >= 0; at = format.IndexOf('%', start))
        {
            var flags = format.AsSpan(at + 1);
            var length = flags.IndexOfAnyExcept(Flags);
            length = length < 0 ? flags.Length : length;
            var conversion = length < flags.Length ? flags[length] : '%';
            pieces.Add(new Piece(format[start..at], conversion, flags[..length].TrimEnd("lhz").ToString()));
            start = Math.Min(at + length + 2, format.Length);
        }

        // What a mail or terminal loses first: nothing depends on it but who asks.
        var tail = format[start..];
        var needed = tail.TrimEnd(')', '.');
        pieces.Add(new Piece(needed, End, tail[needed.Length..]));
        return pieces;
    }

    /// <summary>A conversion and the text in front of it.</summary>
    /// <param name="Conversion">d, u, x or s; or the end.</param>
    /// <param name="Rest">Width of a number; at the end the bracket or full stop.</param>
    private readonly record struct Piece(string Literal, char Conversion, string Rest)
    {
        public bool IsNumber => Conversion is not (End or 's');

        public string Print(Queue<ulong> numbers) => Conversion switch
        {
            End => Rest,
            's' => "...",
            'd' => ((long)numbers.Dequeue()).ToString(CultureInfo.InvariantCulture),
            'x' => numbers.Dequeue().ToString("x" + Rest, CultureInfo.InvariantCulture),
            _ => numbers.Dequeue().ToString("d" + Rest, CultureInfo.InvariantCulture),
        };

        public bool Read(ref LineScanner scanner, out ulong number)
        {
            if (Conversion == 'x')
                return scanner.Digits16(out number);

            var isWhole = scanner.Number(out var value) && (value >= 0 || Conversion == 'd');
            number = unchecked((ulong)value);
            return isWhole;
        }
    }
}
