/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fakes: printk(), WARN() and BUG() are recorded. Only what tdx.c prints is part of a trace, so
 * only a file compiled with ENV_RECORDED calls out. panic() and BUG() leave kernel code for
 * good.
 */
#pragma once

#ifdef ENV_RECORDED
#define env_say(level, fmt, ...) env_log(level, fmt, ##__VA_ARGS__)
#define env_warned() env_warn()
#else
/* A file's own: how often it warned since boot, or printed an error. */
static int env_warnings;
#define env_warned() ((void)env_warnings++)
#define env_say(level, fmt, ...) do {			\
	env_warnings += (level) <= 3;			\
	if (0)						\
		env_log(level, fmt, ##__VA_ARGS__);	\
} while (0)
#endif

#define printk(fmt, ...) env_say(6, fmt, ##__VA_ARGS__)

/* A function, so that its branches are not counted as the caller's. */
static inline bool env_warn_if(bool is, bool *done)
{
	if (unlikely(is && !(done && *done)))
		env_warned();
	if (is && done)
		*done = true;
	return is;
}

#define WARN_ON(condition) unlikely(env_warn_if(!!(condition), NULL))
#define WARN_ON_ONCE(condition) ({			\
	static bool env_done;				\
							\
	unlikely(env_warn_if(!!(condition), &env_done));	\
})
#define WARN(condition, fmt, ...) WARN_ON(condition)
#define WARN_ONCE(condition, fmt, ...) WARN_ON_ONCE(condition)
#define WARN_TAINT(condition, taint, fmt, ...) WARN_ON(condition)

static inline void env_bug_if(bool is, const char *text)
{
	if (unlikely(is))
		env_bug(ENV_BUG, text);
}

#define panic(fmt, ...) env_bug(ENV_PANIC, fmt)
#define BUG() env_bug(ENV_BUG, "BUG()")
#define BUG_ON(condition) env_bug_if(!!(condition), "BUG_ON(" #condition ")")
