// SPDX-License-Identifier: MIT

foreach (var f in args)
{
    var r = TdxVerify.Conformance.ConformanceRun.Judge(f);
    Console.WriteLine(r);
    foreach (var d in r.Disagreements)
    {
        foreach (var x in d.Differences)
        {
            Console.WriteLine(d.Line + " " + d.Label + " " + x);
        }
    }
}
