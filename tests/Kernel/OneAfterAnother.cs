// SPDX-License-Identifier: MIT

using TdxVerify.Tests.Kernel;

// The statics of kernel code are the process's, and what a test measures or kills must be its own.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(BuildFolder))]
