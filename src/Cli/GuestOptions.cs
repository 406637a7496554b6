// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using TdxVerify.Confirmation;
using TdxVerify.Scenarios.Input;
using TdxVerify.Subjects.Guest.Kernels;

namespace TdxVerify.Cli;

/// <summary>The options of what boots kernels.</summary>
internal sealed class GuestOptions
{
    private const string DefaultKernel = "debian";
    private const int DefaultLayouts = 40;
    private const int DefaultSequences = 20;
    private const int DefaultSteps = 20;
    private const int MostWorkers = 16;

    private readonly Option<bool> _qemu = new("--qemu")
    {
        Description = "boot kernels in virtual machines, in software emulation; the TDX module is ours",
    };

    private readonly Option<string[]> _kernel = new("--kernel")
    {
        Description = "a kernel to boot (default: debian): " + GuestKernels.Description,
        HelpName = "KERNEL",
    };

    private readonly Option<string?> _mutant = new("--mutant")
    {
        Description = "build the kernel with a planted fault: a name of 'tdxverify mutate --list'",
        HelpName = "NAME",
    };

    private readonly Option<int> _layouts = Number("--layouts", DefaultLayouts, 0, 1_000_000,
        "machines with DIMMs before and behind the enabling of TDX");

    private readonly Option<int> _sequences = Number("--sequences", DefaultSequences, 0, 1_000_000,
        "machines with a sequence of hotplug");

    private readonly Option<int> _steps = Number("--steps", DefaultSteps, 1, 1000, "steps of each sequence");

    private readonly Option<int> _workers = Number(
        "--workers", Math.Clamp(Environment.ProcessorCount, 1, MostWorkers), 1, MostWorkers,
        "virtual machines at a time");

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "which cases",
        HelpName = "S",
        DefaultValueFactory = static _ => 1,
    };

    /// <summary>Gives a command all of them, and what it does.</summary>
    public Command AddTo(Command command, Func<ParseResult, int> run)
    {
        foreach (var option in (Option[])[_qemu, _kernel, _mutant, _layouts, _sequences, _steps, _seed, _workers])
            command.Options.Add(option);

        command.SetAction(parsed =>
        {
            Interruption.Listen(KernelChoice.Patience);
            return KernelChoice.Guard(() => run(parsed));
        });
        return command;
    }

    /// <summary>The kernels as the user named them, at least one.</summary>
    /// <exception cref="BadInputException">--qemu is missing.</exception>
    public IReadOnlyList<string> Kernels(ParseResult parsed)
    {
        if (!parsed.GetValue(_qemu))
            throw new BadInputException(parsed.CommandResult.Command.Name, "expected --qemu: where the kernel runs");

        return parsed.GetValue(_kernel) is { Length: > 0 } names ? names : [DefaultKernel];
    }

    /// <summary>Makes or finds a kernel, and says what is done with it.</summary>
    public ConfirmPlan Plan(ParseResult parsed, string name)
    {
        var kernels = new GuestKernels(Say);
        var kernel = parsed.GetValue(_mutant) is { } mutant
            ? Planted(kernels, name, mutant)
            : kernels.Open(name, Interruption.Token);
        return new ConfirmPlan(
            kernel, parsed.GetValue(_layouts), parsed.GetValue(_sequences), parsed.GetValue(_steps),
            parsed.GetValue(_seed), parsed.GetValue(_workers));
    }

    private static GuestKernel Planted(GuestKernels kernels, string name, string mutant)
    {
        var tree = kernels.OpenTree(name, Interruption.Token);
        var edit = KernelChoice.Mutant(tree, mutant).Edit;
        var text = edit.ApplyTo(File.ReadAllText(Path.Combine(tree.Folder, edit.File)));
        var kernel = kernels.OpenChanged(tree, edit.File, text, Interruption.Token);
        return kernel with { Name = $"{kernel.Name} with {mutant}" };
    }

    private static void Say(string line)
    {
        if (!Console.IsErrorRedirected)
            Console.Error.WriteLine("tdxverify: " + line);
    }

    private static Option<int> Number(string name, int usual, int least, int most, string description)
    {
        var option = new Option<int>(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token]
                && !(int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number)
                    && number >= least && number <= most))
            {
                result.AddError($"{name} takes a number from {least} to {most}, not '{token.Value}'");
            }
        });
        return option;
    }
}
