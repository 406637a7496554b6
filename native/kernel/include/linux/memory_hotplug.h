/* SPDX-License-Identifier: GPL-2.0-only */
#include <dup/memory_hotplug.h>
