/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicates of asm/dma.h: only compared with. */
#define MAX_DMA_ADDRESS 0x1000000UL
