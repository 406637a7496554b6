/* SPDX-License-Identifier: GPL-2.0-only */
#define MAX_DMA_ADDRESS 0x1000000UL
