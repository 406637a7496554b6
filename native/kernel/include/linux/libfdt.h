/* SPDX-License-Identifier: GPL-2.0-only */
/* Nothing of it is called: CONFIG_KEXEC_HANDOVER is off. */
