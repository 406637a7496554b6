// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace TdxVerify.Properties.Generation;

/// <summary>
/// Reads a scenario out of bytes: a value a field, of anything that the field may hold, with no idea of what is worth
/// trying. Random bytes are the uniform strategy, and a fuzzer changes bytes. Input that ends early reads as zeros.
/// </summary>
public ref struct ScenarioDecoder
{
    /// <summary>Bytes that the largest scenario is read from, at most.</summary>
    public const int MaxBytes = 1024;

    private const int MaxCalls = 32;
    private const int MaxSteps = 16;
    private const int MaxFaults = 2;
    private const int Nodes = 4;

    private static readonly ulong[] Leaves =
    [
        SeamcallLeaf.SysInit, SeamcallLeaf.SysLpInit, SeamcallLeaf.SysRd, SeamcallLeaf.SysConfig,
        SeamcallLeaf.SysKeyConfig, SeamcallLeaf.SysTdmrInit,
    ];

    private static readonly ulong[] Statuses =
    [
        TdxStatus.RndNoEntropy, TdxStatus.SysBusy, TdxStatus.KeyGenerationFailed, TdxStatus.OperandInvalid,
        TdxStatus.SeamcallVmFailInvalid, TdxStatus.SeamcallGp, TdxStatus.SeamcallUd, TdxStatus.SysConfigNotPending,
    ];

    private ReadOnlySpan<byte> _rest;

    private ScenarioDecoder(ReadOnlySpan<byte> input) => _rest = input;

    /// <summary>Refills a scenario from bytes.</summary>
    public static void Fill(Scenario scenario, ReadOnlySpan<byte> input)
    {
        scenario.Clear();
        var decoder = new ScenarioDecoder(input);
        decoder.FillMachine(scenario.Machine);
        decoder.FillChoices(scenario.Choices);
        decoder.FillFaults(scenario.Faults);
        for (var left = 1 + decoder.Below(MaxSteps); left > 0; left--)
            scenario.Steps.Add(decoder.Step());
    }

    /// <summary>Fills a multiple of eight bytes with any.</summary>
    public static void Randomize(Span<byte> bytes, ulong number)
    {
        var random = new SplitMix64(number);
        foreach (ref var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            word = random.Next();
    }

    private void FillMachine(Machine machine)
    {
        machine.KeyIds = Below(MaxSteps) == 0 ? new KeyIdPartition(Byte(), Byte()) : KeyIdPartition.Usual;
        machine.Options = Below(2) == 0 ? BootOptions.None : BootFlags.Mirror;
        for (var left = 1 + Below(MaxCalls); left > 0; left--)
        {
            var kind = (MemblockCallKind)Below((int)MemblockCallKind.Trim);
            machine.MemblockCalls.Add(new MemblockCall(
                kind, Address(), Size(), Below(Nodes), Below(2) == 0 ? MemblockFlags.None : MemblockFlags.Mirror));
        }

        for (var left = Below(Nodes); left > 0; left--)
            machine.Cmrs.Add(new Cmr(Address(), Size()));

        if (machine.Cmrs.Count == 0)
            machine.Cmrs.Add(new Cmr(0, Sizes.Page1G << 10));
    }

    private void FillChoices(Choices choices)
    {
        choices.Cpus = 1 + Below(Nodes);
        choices.CpusPerPackage = 1 + Below(choices.Cpus);
        choices.TdmrInitStep = 0;
        choices.PartialWriteErratum = Below(2) == 0;
        choices.Placement = Below(2) == 0 ? PamtPlacement.FirstFit : PamtPlacement.Adversarial;
        choices.PlacementBits = Number(sizeof(ulong));
        choices.SeamretInvalidatesVmcs = Below(2) == 0;
    }

    private void FillFaults(Faults faults)
    {
        for (var left = Below(MaxFaults + 1); left > 0; left--)
        {
            switch (Below(6))
            {
                case 0:
                    faults.FailingKmalloc = Byte();
                    break;
                case 1:
                    faults.FailingContig = Byte();
                    break;
                case 2:
                    faults.FailingPagesExact = 1;
                    break;
                case 3:
                    faults.HibernationAvailable = true;
                    break;
                case 4:
                    faults.NotifierRegistrationErrno = -Errno.Enomem;
                    break;
                default:
                    faults.Seamcalls.Add(new SeamcallFault(
                        Leaves[Below(Leaves.Length)], 1 + Byte(), 1 + Byte(), Statuses[Below(Statuses.Length)]));
                    break;
            }
        }
    }

    private Step Step()
    {
        switch (Below(4))
        {
            case 0:
                return Core.Cases.Step.Enable;
            case 1:
                return Core.Cases.Step.OnMemory(StepKind.AddMemory, Address(), Size(), Below(Nodes));
            case 2:
                return Core.Cases.Step.GoingOnline(Pages.PfnDown(Address()), Pages.PfnDown(Size()));
            default:
                return Core.Cases.Step.At(StepKind.MachineCheck, Address());
        }
    }

    /// <summary>A page below 64 GiB.</summary>
    private ulong Address() => Number(3) * Sizes.Page4K;

    /// <summary>Up to 4 GiB of whole pages.</summary>
    private ulong Size() => (1 + (Number(3) & 0xfffff)) * Sizes.Page4K;

    private int Below(int bound) => Byte() % bound;

    private byte Byte() => (byte)Number(1);

    private ulong Number(int bytes)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        number.Clear();
        var length = Math.Min(bytes, _rest.Length);
        _rest[..length].CopyTo(number);
        _rest = _rest[length..];
        return BinaryPrimitives.ReadUInt64LittleEndian(number);
    }
}
