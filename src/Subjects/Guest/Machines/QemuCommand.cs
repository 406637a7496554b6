// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Subjects.Guest.Kernels;

namespace TdxVerify.Subjects.Guest.Machines;

/// <summary>The arguments of qemu that make a scenario's machine.</summary>
public static class QemuCommand
{
    private const string Console = "console=ttyS0,115200 earlyprintk=serial,ttyS0,115200 panic=-1 loglevel=8 nokaslr";

    /// <summary>The arguments.</summary>
    /// <exception cref="GuestException">qemu can't make such a machine.</exception>
    internal static IEnumerable<string> Of(Scenario scenario, GuestKernel kernel, string initramfs)
    {
        var machine = scenario.Machine;
        if (!QemuFirmware.Has(machine) || machine.Mirrored.Count > 0)
        {
            throw new GuestException(
                "expected memory as qemu's q35 machine has it (nodes one behind the other, without mirrored memory; "
                    + "holes by memmap=)")
            { IsOfScenario = true };
        }

        var nodes = QemuFirmware.NodesOf(machine);
        var total = nodes.Aggregate(0UL, static (sum, size) => sum + size);
        var cpus = scenario.Choices.Cpus + scenario.Choices.OfflineCpus;
        var perPackage = scenario.Choices.CpusPerPackage;
        var sockets = (cpus + perPackage - 1) / perPackage;
        yield return "-nodefaults";
        yield return "-no-reboot";
        foreach (var word in "-display none -machine q35 -accel tcg".Split(' '))
            yield return word;

        yield return "-cpu";
        yield return Cpu(scenario, kernel);
        yield return "-smp";
        yield return Text($"{sockets * perPackage},sockets={sockets},cores={perPackage}");
        yield return "-m";
        yield return Text($"{total}B,slots={QemuFirmware.Slots},maxmem={total + QemuFirmware.Pluggable}B");
        for (var nid = 0; nid < nodes.Length; nid++)
        {
            if (nodes[nid] > 0)
            {
                yield return "-object";
                yield return Text($"memory-backend-ram,id=m{nid},size={nodes[nid]}B,reserve=off");
            }

            yield return "-numa";
            yield return Text($"node,nodeid={nid}{(nodes[nid] > 0 ? $",memdev=m{nid}" : "")}");
        }

        for (var socket = 0; socket < sockets; socket++)
        {
            yield return "-numa";
            yield return Text($"cpu,node-id=0,socket-id={socket}");
        }

        yield return "-kernel";
        yield return kernel.Image;
        yield return "-initrd";
        yield return initramfs;
        yield return "-append";
        yield return $"{Console} {Words(scenario)}".TrimEnd();
    }

    /// <summary>The words of the kernel's command line that decide about memory and CPUs.</summary>
    public static string Words(Scenario scenario)
    {
        var options = scenario.Machine.Options;
        string[] words =
        [
            options.MemoryWords, options.NumaFake is { } fake ? "numa=fake=" + fake : "", options.HotplugWords,
            scenario.Choices.OfflineCpus > 0 ? Text($"maxcpus={scenario.Choices.Cpus}") : "",
        ];
        return string.Join(' ', words.Where(static w => w.Length > 0));
    }

    /// <summary>A CPU with what TDX asks for. qemu can't execute VMX: it only tells of it where it is
    /// forced to.</summary>
    private static string Cpu(Scenario scenario, GuestKernel kernel)
    {
        if (!kernel.HasTdx)
            return "max";

        var missing = scenario.Choices.Missing;
        return "max,x-force-features=on"
            + Feature("vmx", MissingFeatures.Vmx) + Feature("movdir64b", MissingFeatures.Movdir64B)
            + Feature("ss", MissingFeatures.SelfSnoop);

        string Feature(string name, MissingFeatures feature) => $",{name}={((missing & feature) == 0 ? "on" : "off")}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
