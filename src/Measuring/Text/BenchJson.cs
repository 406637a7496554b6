// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Json;

namespace TdxVerify.Measuring.Text;

/// <summary>Figures as one JSON object on one line.</summary>
public static class BenchJson
{
    public static string Write(BenchFigures figures)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("seed", figures.Seed);
            WritePipeline(json, figures);
            json.WriteStartObject("stages");
            foreach (var stage in figures.Stages)
            {
                json.WriteStartObject(stage.Name);
                Write(json, "nsPerCase", stage.Nanoseconds);
                Write(json, "share", stage.Share);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteString("method", BenchText.Method);
            json.WriteStartObject("generator");
            Write(json, "nsPerCase", figures.GeneratorNanoseconds);
            json.WriteEndObject();
            WriteListBuild(json, figures);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public static string Write(KernelFigures figures)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kernel", figures.Name);
            Write(json, "loopNsPerCase", figures.Loop);
            Write(json, "fullNsPerCase", figures.Full);
            Write(json, "asCheckNsPerCase", figures.WithReference);
            Write(json, "sanitizedNsPerCase", figures.Sanitized);
            json.WriteString("guard", figures.HasProtectionKeys ? "protection keys" : "mprotect");
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WritePipeline(Utf8JsonWriter json, BenchFigures figures)
    {
        json.WriteStartObject("pipeline");
        json.WriteNumber("cases", figures.Pipeline.Cases);
        Write(json, "casesPerCpuSecond", figures.Pipeline.CasesPerCpuSecond);
        Write(json, "bytesPerCase", figures.Pipeline.BytesPerCase);
        json.WriteEndObject();
        json.WriteStartObject("mix");
        json.WriteNumber("cases", figures.Mix.Cases);
        Write(json, "regions", figures.Mix.Regions);
        Write(json, "seamcalls", figures.Mix.Seamcalls);
        Write(json, "wholeTdmrInit", figures.Mix.WholeTdmrInit);
        json.WriteEndObject();
    }

    private static void WriteListBuild(Utf8JsonWriter json, BenchFigures figures)
    {
        json.WriteStartArray("listBuild");
        foreach (var row in figures.ListBuild)
        {
            json.WriteStartObject();
            json.WriteNumber("regions", row.Regions);
            Write(json, "nsPerRegion", row.Nanoseconds);
            Write(json, "copyNsPerRegion", row.CopyNanoseconds);
            Write(json, "ratio", row.Ratio);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, double figure) =>
        json.WriteNumber(name, Math.Round(figure, 4));
}
