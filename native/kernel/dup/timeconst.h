/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicates of generated/timeconst.h, which a kernel's build makes: CONFIG_HZ is 1000. */
#pragma once

#define HZ_TO_MSEC_NUM 1
#define HZ_TO_MSEC_DEN 1
#define HZ_TO_MSEC_MUL32 0x80000000ULL
#define HZ_TO_MSEC_ADJ32 0
#define HZ_TO_MSEC_SHR32 31
#define MSEC_TO_HZ_NUM HZ_TO_MSEC_NUM
#define MSEC_TO_HZ_DEN HZ_TO_MSEC_DEN
#define MSEC_TO_HZ_MUL32 HZ_TO_MSEC_MUL32
#define MSEC_TO_HZ_ADJ32 HZ_TO_MSEC_ADJ32
#define MSEC_TO_HZ_SHR32 HZ_TO_MSEC_SHR32
#define HZ_TO_USEC_NUM 1000
#define HZ_TO_USEC_DEN 1
#define USEC_TO_HZ_NUM HZ_TO_USEC_DEN
#define USEC_TO_HZ_DEN HZ_TO_USEC_NUM
#define HZ_TO_NSEC_NUM 1000000
#define HZ_TO_NSEC_DEN 1
#define NSEC_TO_HZ_NUM HZ_TO_NSEC_DEN
#define NSEC_TO_HZ_DEN HZ_TO_NSEC_NUM
