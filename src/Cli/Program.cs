// SPDX-License-Identifier: MIT

using TdxVerify.Cli;

Interruption.Listen();
return CommandLine.Run(args);
