#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What kernel code calls and nobody here has, as C: whoever calls it ends the case. missing.sh LOG, where LOG is
# what the linker said.
sed -n "s/.*undefined reference to [\`']\([A-Za-z_][A-Za-z0-9_]*\)'.*/\1/p" "$1" | sort -u |
	sed 's/.*/void &(void) { env_unavailable("&"); }/; 1i void env_unavailable(const char *);'
