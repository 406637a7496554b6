// SPDX-License-Identifier: MIT

using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TdxVerify.Subjects.Guest.Transport;

/// <summary>The QEMU machine protocol: commands with their answers, and events in their order.</summary>
internal sealed class QmpClient(Socket socket) : IDisposable
{
    private readonly LineBuffer _lines = new(socket);
    private readonly Queue<JsonElement> _answers = new();
    private readonly Queue<JsonElement> _events = new();

    public Socket Socket => socket;

    public bool HasEnded => _lines.HasEnded;

    public void Send(string command, JsonObject? arguments)
    {
        var request = new JsonObject { ["execute"] = command };
        if (arguments is not null)
            request["arguments"] = arguments;

        _lines.Send(request.ToJsonString());
    }

    /// <summary>Takes what has come; blocks until something has.</summary>
    public void Receive()
    {
        _lines.Receive();
        while (_lines.TryTake(out var line))
        {
            using var message = JsonDocument.Parse(line);
            var root = message.RootElement.Clone();
            if (root.TryGetProperty("event", out var name))
                Note(root, name.GetString());
            else if (!root.TryGetProperty("QMP", out _))
                _answers.Enqueue(root);
        }
    }

    public bool TryTakeAnswer(out JsonElement answer) => _answers.TryDequeue(out answer);

    public bool TryTakeEvent(out JsonElement happened) => _events.TryDequeue(out happened);

    /// <summary>The debugger stops the machine and lets it go all the time.</summary>
    private void Note(JsonElement happened, string? name)
    {
        if (name is not ("STOP" or "RESUME"))
            _events.Enqueue(happened);
    }

    public void Dispose() => _lines.Dispose();
}
