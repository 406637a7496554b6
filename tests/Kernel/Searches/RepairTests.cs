// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Invariants;
using TdxVerify.Scenarios;
using TdxVerify.Search;
using TdxVerify.Search.Differences;

namespace TdxVerify.Tests.Kernel.Searches;

/// <summary>The obvious repairs of the findings in docs/findings violate nothing: no property is about the code as it happens to be.</summary>
public sealed class RepairTests
{
    private const string Tdx = "arch/x86/virt/vmx/tdx/tdx.c";
    private const string Once =
        "do_global_key_config(void *unused)\n{\n\tstruct tdx_module_args args = {};\n\n\treturn seamcall_prerr(TDH_SYS_KEY_CONFIG, &args);\n}";

    /// <summary>TDX_KEY_GENERATION_FAILED is met up to ten times in a row.</summary>
    private const string Repeated = """
        do_global_key_config(void *unused);

        static u64 seamcall_repeated(u64 fn, struct tdx_module_args *args)
        {
        	int tries = 10;
        	u64 status;

        	do {
        		status = __seamcall(fn, args);
        	} while (status == 0x8000080000000000ULL && --tries);
        	return status;
        }

        static int do_global_key_config(void *unused)
        {
        	struct tdx_module_args args = {};

        	return sc_retry_prerr(seamcall_repeated, seamcall_err, TDH_SYS_KEY_CONFIG, &args);
        }
        """;

    private const string Freed = "\t\t\ttdmr_list->max_tdmrs * tdmr_list->tdmr_sz);\n}";
    private const string Forgotten = "\t\t\ttdmr_list->max_tdmrs * tdmr_list->tdmr_sz);\n\ttdmr_list->nr_consumed_tdmrs = 0;\n}";

    private const string Seamldr = "arch/x86/virt/vmx/tdx/seamldr.c";
    private const string Retry = "arch/x86/virt/vmx/tdx/seamcall_internal.h";

    private const string List = "\tstruct tdx_memblock *tmb;\n\n\ttmb = kmalloc_obj(*tmb);";
    private const string Joined = """
        	struct tdx_memblock *tmb;

        	if (!list_empty(tmb_list)) {
        		tmb = list_last_entry(tmb_list, struct tdx_memblock, list);
        		if (tmb->end_pfn == start_pfn && tmb->nid == nid) {
        			tmb->end_pfn = end_pfn;
        			return 0;
        		}
        	}

        	tmb = kmalloc_obj(*tmb);
        """;

    private const string Locked = "\tcpus_read_lock();\n\tinit_state(&update_ctrl);";
    private const string Counted = """
        	cpus_read_lock();
        	if (num_online_cpus() != num_present_cpus()) {
        		cpus_read_unlock();
        		ret = -EBUSY;
        		goto out;
        	}
        	init_state(&update_ctrl);
        """;

    private const string Online = "\tret = tdx_cpu_enable();\n\tif (ret)\n\t\tx86_virt_put_ref(X86_FEATURE_VMX);";
    private const string WithoutModule = """
        	/* An update has lost the module: the CPU is of use without. */
        	if (tdx_tdmr_list.nr_consumed_tdmrs && !tdx_module_state.initialized)
        		return 0;

        	ret = tdx_cpu_enable();
        	if (ret)
        		x86_virt_put_ref(X86_FEATURE_VMX);
        """;

    private const string Entropy = "} while (ret == TDX_RND_NO_ENTROPY && --retry);";
    private const string Again =
        "} while ((ret == TDX_RND_NO_ENTROPY || ret == 0x8000020200000000ULL || ret == 0x8000000000030001ULL) && --retry);";

    private const string Failed = "\tif (ret) {\n\t\tpr_err(\"TDX-Module initialization failed";
    private const string Disabled = "\tif (ret) {\n\t\ttdx_sys_disable();\n\t\tpr_err(\"TDX-Module initialization failed";

    private const string Flush = "\ttdx_cpu_flush_cache();\n\tx86_virt_put_ref(X86_FEATURE_VMX);\n\treturn 0;";
    private const string Pinned =
        "\tpreempt_disable();\n\ttdx_cpu_flush_cache();\n\tpreempt_enable();\n\tx86_virt_put_ref(X86_FEATURE_VMX);\n\treturn 0;";

    private const string Busy = "\tdo {\n\t\tret = seamcall(TDH_SYS_DISABLE, &args);\n\t} while (ret == TDX_INTERRUPTED_RESUMABLE || ret == TDX_SYS_BUSY);";
    private const string Bounded = """
        	int tries = 100;

        	do {
        		ret = seamcall(TDH_SYS_DISABLE, &args);
        	} while ((ret == TDX_INTERRUPTED_RESUMABLE || ret == TDX_SYS_BUSY) && --tries);
        """;

    [Theory]
    [InlineData("retryable-latches", "S24", Once, Repeated)]
    [InlineData("freed-tdmr-buffer", "U3", Freed, Forgotten)]
    public void ARepairIsQuiet(string issue, string property, string before, string after) => AssertQuiet(issue, property, Tdx, before, after);

    /// <summary>Of what came with 7.1 and 7.2. A list that joins entries is another design, which only SAFETY holds to what it was.</summary>
    [Theory]
    [InlineData("kho-cuts-list", "B4", Tdx, List, Joined, true)]
    [InlineData("mirror-edge-above-4g", "H11", Tdx, List, Joined, true)]
    [InlineData("update-with-offline-cpu", "V3", Seamldr, Locked, Counted)]
    [InlineData("no-cpu-online-after-failed-update", "V6", Tdx, Online, WithoutModule)]
    [InlineData("update-status-latches", "V7", Retry, Entropy, Again)]
    [InlineData("failed-init-stays-in-module", "E4", Tdx, Failed, Disabled)]
    [InlineData("offline-asserts-preemption", "K9", Tdx, Flush, Pinned)]
    [InlineData("disable-unbounded", "E2", Tdx, Busy, Bounded)]
    public void ARepairOfWhatIsNewIsQuiet(string issue, string property, string file, string before, string after, bool isDesign = false)
    {
        Assert.SkipUnless(KernelSource.Release >= new Version(7, 3), "the code is not there");
        AssertQuiet(issue, property, file, before, after, isDesign);
    }

    private static void AssertQuiet(string issue, string property, string file, string before, string after, bool isDesign = false)
    {
        var judged = PropertyCatalog.Usual
            .Where(p => p is not DifferentialProperty && (!isDesign || p.Class == PropertyClass.Safety || p.Id == property)).Select(static p => p.Id).ToArray();
        Assert.Contains(property, Violations(issue, KernelSearch.Options(KernelSource.RequireBuilt(), 1, judged)));
        var repaired = Edits.Build(file, before, after);
        Assert.DoesNotContain(property, Violations(issue, KernelSearch.Options(repaired, 1, judged)));
        Assert.Empty(KernelSearch.Unknown(KernelSearch.Run(KernelSearch.Options(repaired, 20_000, judged) with { KeepsGoing = true })));
    }

    /// <summary>What the scenario of docs/findings violates, whatever it was kept for.</summary>
    private static IEnumerable<string> Violations(string issue, CampaignPlan plan)
    {
        using var stream = typeof(RepairTests).Assembly.GetManifestResourceStream(issue + ".scn")!;
        using var reader = new StreamReader(stream);
        using var executor = IExecutor.Of(plan);
        return [.. executor.Evaluate(ScenarioText.Read(reader.ReadToEnd())).Violations.Select(static v => v.Property)];
    }
}
