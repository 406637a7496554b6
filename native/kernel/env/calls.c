// SPDX-License-Identifier: GPL-2.0-only
/* What kernel code asks of its environment goes out through the table. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "drive.h"

struct env_calls env;
struct env_machine env_machine;

#ifdef ENV_THREADS
void env_lock(int lock)
{
	env_thread_lock(lock, 1);
}

void env_unlock(int lock)
{
	env_thread_lock(lock, 0);
}
#else
static int is_spinlock(int lock)
{
	return lock == ENV_SYSINIT || lock == ENV_SEAMLDR || lock == ENV_UPDATE_CONTROL;
}

/* Where a spinlock is not held yet, or not any more, another CPU of a stopped machine may go on. */
void env_lock(int lock)
{
	if (is_spinlock(lock))
		env_cpu_passes();
	OUTSIDE(env.lock(lock, 1));
	if (lock == ENV_MEM_HOTPLUG_READ)
		env_unguard();
}

void env_unlock(int lock)
{
	if (lock == ENV_MEM_HOTPLUG_READ)
		env_guard();
	OUTSIDE(env.lock(lock, 0));
	if (is_spinlock(lock))
		env_cpu_passes();
}
#endif

void env_flush(void)
{
	OUTSIDE(env.flush());
}

void env_flush_cpu(void)
{
	OUTSIDE(env.flush_cpu(env_cpu));
}

int env_vmx_get(void)
{
	int error;

	OUTSIDE(error = env.vmx(env_cpu, 1));
	return error;
}

void env_vmx_put(void)
{
	OUTSIDE(env.vmx(env_cpu, 0));
}

void env_warn(void)
{
	OUTSIDE(env.warn());
}

/*
 * Arguments are passed on as numbers. Strings are not: none of the lines that are compared has
 * one.
 */
static int read_arguments(const char *format, va_list list, env_u64 *arguments)
{
	const char *at;
	int count = 0;

	for (at = format; *at && count < ENV_ARGUMENTS; at++) {
		int is_long = 0;

		if (*at != '%')
			continue;
		if (*++at == '%')
			continue;
		while (*at && strchr("#0- +.123456789", *at))
			at++;
		for (; *at == 'l' || *at == 'z' || *at == 'h'; at++)
			is_long |= *at != 'h';
		if (!*at)
			break;
		if (is_long || *at == 'p' || *at == 's')
			arguments[count++] = va_arg(list, unsigned long);
		else if (*at == 'd' || *at == 'i')
			arguments[count++] = (env_u64)(long)va_arg(list, int);
		else
			arguments[count++] = va_arg(list, unsigned int);
	}
	return count;
}

void env_log(int level, const char *format, ...)
{
	env_u64 arguments[ENV_ARGUMENTS];
	va_list list;
	int count;

	va_start(list, format);
	count = read_arguments(format, list, arguments);
	va_end(list);
	OUTSIDE(env.log(level, format, count, arguments));
}

env_u64 env_seamcall(env_u64 leaf, struct env_registers *registers)
{
	env_u64 status;
	int stop = 0;

	OUTSIDE(status = env.seamcall(env_cpu, leaf, registers, &stop));
	if (stop)
		env_leave(ENV_STOPPED, 0);
	return status;
}

/* What the linker did not find: missing.sh. */
void env_unavailable(const char *name)
{
	snprintf(env_report.text, sizeof(env_report.text), "%s", name);
	env_leave(ENV_UNAVAILABLE, 0);
}

void env_bug(int end, const char *text)
{
	snprintf(env_report.text, sizeof(env_report.text), "%s", text);
	env_leave(end, 0);
}
