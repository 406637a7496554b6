/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What linux/kernel.h gathers, as far as it is asked for. The tree's own headers, unless named
 * below.
 */
#pragma once
#include <linux/stdarg.h>
#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/limits.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/bitops.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/build_bug.h>
#include <harness/log.h>
#include <stubs/kernel.h>

/* The C library's. */
void *memcpy(void *to, const void *from, __kernel_size_t bytes);
void *memmove(void *to, const void *from, __kernel_size_t bytes);
void *memset(void *to, int value, __kernel_size_t bytes);
int memcmp(const void *one, const void *other, __kernel_size_t bytes);
int strcmp(const char *one, const char *other);
int strncmp(const char *one, const char *other, __kernel_size_t bytes);
__kernel_size_t strlen(const char *text);
__kernel_size_t strnlen(const char *text, __kernel_size_t most);
char *strchr(const char *text, int character);
char *strrchr(const char *text, int character);
char *strstr(const char *text, const char *part);
int snprintf(char *to, __kernel_size_t room, const char *format, ...);
int vsnprintf(char *to, __kernel_size_t room, const char *format, __builtin_va_list list);
int sprintf(char *to, const char *format, ...);
