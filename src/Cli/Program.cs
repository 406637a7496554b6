// SPDX-License-Identifier: MIT

using TdxVerify.Cli;

return CommandLine.Run(args);
