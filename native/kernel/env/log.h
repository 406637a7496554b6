/* SPDX-License-Identifier: GPL-2.0-only */
/* printk(), WARN() and BUG(). Only what tdx.c says is part of a trace: a file that is compiled with ENV_RECORDED. */
#pragma once
#include <env/env.h>
#include <linux/kern_levels.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/stddef.h>

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

#ifdef ENV_RECORDED
#define env_say(level, fmt, ...) env_log(level, fmt, ##__VA_ARGS__)
#define env_warned() env_warn()
#else
#define env_say(level, fmt, ...) do { if (0) env_log(level, fmt, ##__VA_ARGS__); } while (0)
#define env_warned() do { } while (0)
#endif

#define env_once(call) do { static bool env_done; if (!env_done) { env_done = true; call; } } while (0)

#define pr_emerg(fmt, ...) env_say(0, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...) env_say(1, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit(fmt, ...) env_say(2, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err(fmt, ...) env_say(3, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...) env_say(4, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice(fmt, ...) env_say(5, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...) env_say(6, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_cont(fmt, ...) env_say(6, fmt, ##__VA_ARGS__)
#define pr_debug(fmt, ...) do { } while (0)
#define pr_err_once(fmt, ...) env_once(pr_err(fmt, ##__VA_ARGS__))
#define pr_warn_once(fmt, ...) env_once(pr_warn(fmt, ##__VA_ARGS__))
#define pr_info_once(fmt, ...) env_once(pr_info(fmt, ##__VA_ARGS__))
#define pr_err_ratelimited pr_err
#define pr_warn_ratelimited pr_warn
#define pr_info_ratelimited pr_info
#define printk(fmt, ...) env_say(6, fmt, ##__VA_ARGS__)
#define dump_stack() do { } while (0)

/* A function, so that its branches are not counted as those of the caller. */
static inline bool env_warn_if(bool is, bool *done)
{
	if (unlikely(is && !(done && *done)))
		env_warned();
	if (is && done)
		*done = true;
	return is;
}

#define WARN_ON(condition) unlikely(env_warn_if(!!(condition), NULL))
#define WARN_ON_ONCE(condition) ({ static bool env_done; unlikely(env_warn_if(!!(condition), &env_done)); })
#define WARN(condition, fmt, ...) WARN_ON(condition)
#define WARN_ONCE(condition, fmt, ...) WARN_ON_ONCE(condition)
#define WARN_TAINT(condition, taint, fmt, ...) WARN_ON(condition)

#define panic(fmt, ...) env_bug(ENV_PANIC, fmt)
#define BUG() env_bug(ENV_BUG, "BUG()")
static inline void env_bug_if(bool is, const char *text)
{
	if (unlikely(is))
		env_bug(ENV_BUG, text);
}

#define BUG_ON(condition) env_bug_if(!!(condition), "BUG_ON(" #condition ")")
