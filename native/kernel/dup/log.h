/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicates of linux/printk.h: levels and prefixes. */
#pragma once

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

#define env_once(call) do {		\
	static bool env_done;		\
					\
	if (!env_done) {		\
		env_done = true;	\
		call;			\
	}				\
} while (0)

#define pr_emerg(fmt, ...) env_say(0, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...) env_say(1, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit(fmt, ...) env_say(2, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err(fmt, ...) env_say(3, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...) env_say(4, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice(fmt, ...) env_say(5, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...) env_say(6, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_cont(fmt, ...) env_say(6, fmt, ##__VA_ARGS__)
#define pr_err_once(fmt, ...) env_once(pr_err(fmt, ##__VA_ARGS__))
#define pr_warn_once(fmt, ...) env_once(pr_warn(fmt, ##__VA_ARGS__))
#define pr_notice_once(fmt, ...) env_once(pr_notice(fmt, ##__VA_ARGS__))
#define pr_info_once(fmt, ...) env_once(pr_info(fmt, ##__VA_ARGS__))
#define pr_alert_once(fmt, ...) env_once(pr_alert(fmt, ##__VA_ARGS__))
#define printk_once(fmt, ...) env_once(printk(fmt, ##__VA_ARGS__))

/* The limit is never reached. */
#define pr_err_ratelimited pr_err
#define pr_warn_ratelimited pr_warn
#define pr_info_ratelimited pr_info
