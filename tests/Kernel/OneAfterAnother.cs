// SPDX-License-Identifier: MIT

using TdxVerify.Tests.Kernel;
using Xunit.Sdk;
using Xunit.v3;

// The statics of kernel code are the process's, and what a test measures or kills must be its own.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(BuildFolder))]
