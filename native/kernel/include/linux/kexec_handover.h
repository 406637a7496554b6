/* SPDX-License-Identifier: GPL-2.0-only */
#include <stubs/kexec_handover.h>
