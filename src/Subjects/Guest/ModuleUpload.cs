// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using TdxVerify.Subjects.Guest.Kernels;
using TdxVerify.Subjects.Guest.Machines;
using TdxVerify.Subjects.Guest.Transport;

namespace TdxVerify.Subjects.Guest;

/// <summary>Gives a running kernel another TDX module, as fwupd would: by the files of its tdx-host driver. What they
/// say is "firmware-invalid" for every errno, so that the result is read where the driver gets it.</summary>
internal sealed class ModuleUpload(GuestKernel kernel, VirtualMachine machine, Breakpoints breakpoints)
{
    private const string Driver = "tdx-host.ko";
    private const string Install = "seamldr_install_module";
    private const string SeamldrVersion = "/sys/devices/faux/tdx_host/seamldr_version";
    private const string Firmware = "/sys/class/firmware/tdx_module";

    private bool _isLoaded;

    /// <summary>The kernel and its driver are there.</summary>
    public bool IsPossible => Module is not null && kernel.Symbols?.Find(Install) is not null;

    private string? Module => kernel.Modules.FirstOrDefault(static m => Path.GetFileName(m) == Driver);

    /// <summary>Replaces the module: 0 or a negative errno.</summary>
    public int Run(ModuleImage image, TimeSpan patience)
    {
        // Without TDX the driver has nothing to drive, and its files are not there.
        if (!_isLoaded)
            machine.Ask("insmod " + Initramfs.PathOf(Module!), patience);

        _isLoaded = true;
        var version = machine.Ask("read " + SeamldrVersion, patience);
        if (version.Errno != 0)
            return -version.Errno;

        int? result = null;
        var entry = kernel.Symbols!.Find(Install)!.Value;
        machine.Debugger.Stop();
        breakpoints.Add(entry, registers =>
        {
            var back = machine.Debugger.ReturnAddress(registers);
            breakpoints.StepOver(entry);
            breakpoints.Add(back, returned =>
            {
                result = unchecked((int)returned[GuestRegister.Rax]);
                breakpoints.Remove(back);
                return true;
            });
            return true;
        });
        machine.Debugger.Continue();
        var answer = machine.Ask($"upload {Firmware} {Describe(image)}", patience);
        machine.Debugger.Stop();
        breakpoints.Remove(entry);
        machine.Debugger.Continue();
        return result ?? -answer.Errno;
    }

    /// <summary>Length in bytes and what stands where, as the agent takes it: struct tdx_image_header of
    /// seamldr.c.</summary>
    private static string Describe(ModuleImage image)
    {
        const ushort Version = 0x200;
        const int ReservedBit = 4095;
        var signatures = image == ModuleImage.TwoSignatures ? 2UL : SeamldrParams.SignaturePages;
        var pages = image switch
        {
            ModuleImage.Largest => SeamldrParams.MaxModulePages,
            ModuleImage.TooLarge => SeamldrParams.MaxModulePages + 1,
            _ => SeamldrParams.ModulePages,
        };
        var whole = (1 + signatures + pages) * Sizes.Page4K;
        var bytes = image switch
        {
            ModuleImage.NoHeader => Sizes.Page4K - 1,
            ModuleImage.WrongLength => whole - 1,
            ModuleImage.TooLong => whole + 1,
            _ => whole,
        };

        var header = new byte[20];
        BinaryPrimitives.WriteUInt16LittleEndian(
            header, image == ModuleImage.WrongVersion ? (ushort)(Version / 2) : Version);
        Encoding.ASCII.GetBytes(image == ModuleImage.WrongMagic ? "TDX-BLOC" : "TDX-BLOB", header.AsSpan(4));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), (uint)signatures);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), (uint)pages);
        var reserved = image == ModuleImage.ReservedBits ? $" {ReservedBit}=01" : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"{bytes} 0={Convert.ToHexStringLower(header)}{reserved}");
    }
}
