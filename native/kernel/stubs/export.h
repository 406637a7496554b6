/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: there are no modules. */
#define EXPORT_SYMBOL(name)
#define EXPORT_SYMBOL_GPL(name)
#define EXPORT_SYMBOL_NS_GPL(name, space)
#define EXPORT_SYMBOL_FOR_KVM(name)
#define EXPORT_SYMBOL_FOR_MODULES(name, modules)
