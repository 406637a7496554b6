/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fakes: what a patch may call beside what tdx.c calls today. Memory is recorded as nobody's in
 * particular. Time stands still; what was to be waited for has happened; there is no randomness.
 */
#pragma once

#define kmalloc_node(bytes, flags, nid) kmalloc(bytes, flags)
#define kvmalloc(bytes, flags) env_kmalloc_other(bytes, flags)
#define kvmalloc_node(bytes, flags, nid) env_kmalloc_other(bytes, flags)
#define kvzalloc(bytes, flags) env_kmalloc_other(bytes, (flags) | __GFP_ZERO)
#define kvmalloc_array(n, bytes, flags) env_kmalloc_other(size_mul(n, bytes), flags)
#define kvcalloc(n, bytes, flags) kvzalloc(size_mul(n, bytes), flags)
#define kvfree(object) kfree(object)
#define kfree_const(object) kfree(object)
#define kfree_sensitive(object) kfree(object)
#define ksize(object) env_kmalloc_bytes(object)
#define vmalloc(bytes) env_kmalloc_other(bytes, GFP_KERNEL)

static inline void *env_kmemdup(const void *from, size_t bytes, gfp_t flags)
{
	void *to = env_kmalloc_other(bytes, flags);

	return to ? memcpy(to, from, bytes) : NULL;
}

static inline char *env_kstrdup(const char *text, gfp_t flags)
{
	return text ? env_kmemdup(text, strlen(text) + 1, flags) : NULL;
}

static inline void *env_krealloc(const void *object, size_t bytes, gfp_t flags)
{
	void *to = env_kmalloc_other(bytes, flags);

	if (to && object) {
		memcpy(to, object, min_t(size_t, bytes, env_kmalloc_bytes(object)));
		kfree(object);
	}
	return to;
}

#undef kmemdup
#define kmemdup env_kmemdup
#define kstrdup env_kstrdup
#define krealloc env_krealloc

static inline unsigned long __get_free_pages(gfp_t flags, unsigned int order)
{
	return (unsigned long)env_kmalloc_other(PAGE_SIZE << order, flags);
}

static inline void free_pages(unsigned long at, unsigned int order)
{
	kfree((void *)at);
}

#define __get_free_page(flags) __get_free_pages(flags, 0)
#define get_zeroed_page(flags) __get_free_pages((flags) | __GFP_ZERO, 0)
#define free_page(at) free_pages(at, 0)
#define virt_to_page(at) phys_to_page(__pa(at))

static inline struct page *alloc_pages(gfp_t flags, unsigned int order)
{
	unsigned long at = __get_free_pages(flags, order);

	return at ? virt_to_page(at) : NULL;
}

static inline void __free_pages(struct page *page, unsigned int order)
{
	kfree(page_address(page));
}

#define alloc_pages_node(nid, flags, order) alloc_pages(flags, order)
#define alloc_page(flags) alloc_pages(flags, 0)
#define __free_page(page) __free_pages(page, 0)

static inline void env_cleanup(const void *object)
{
	if (!IS_ERR_OR_NULL(object))
		kfree(object);
}

DEFINE_FREE(kfree, void *, env_cleanup(_T))
DEFINE_FREE(kvfree, void *, env_cleanup(_T))
DEFINE_FREE(free_page, void *, env_cleanup(_T))

/* Numbers and texts are printed as the C library does; %p and its variants are not. */
static inline int env_vscnprintf(char *to, size_t room, const char *format, va_list list)
{
	int length = vsnprintf(to, room, format, list);

	return room == 0 ? 0 : min_t(int, length, room - 1);
}

static inline int env_scnprintf(char *to, size_t room, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = env_vscnprintf(to, room, format, list);
	va_end(list);
	return length;
}

static inline char *env_kasprintf(gfp_t flags, const char *format, ...)
{
	char text[256];
	va_list list;

	va_start(list, format);
	env_vscnprintf(text, sizeof(text), format, list);
	va_end(list);
	return env_kstrdup(text, flags);
}

static inline ssize_t env_strscpy(char *to, const char *from, size_t room)
{
	size_t length = strnlen(from, room);

	if (room == 0)
		return -E2BIG;
	memcpy(to, from, min(length, room - 1));
	to[min(length, room - 1)] = 0;
	return length < room ? (ssize_t)length : -E2BIG;
}

#define vscnprintf env_vscnprintf
#define scnprintf env_scnprintf
#define kasprintf env_kasprintf
#undef strscpy
#define env_strscpy_2(to, from) env_strscpy(to, from, sizeof(to))
#define env_strscpy_3(to, from, room) env_strscpy(to, from, room)
#define strscpy(...) CONCATENATE(env_strscpy_, COUNT_ARGS(__VA_ARGS__))(__VA_ARGS__)

#define udelay(us) do { } while (0)
#define ndelay(ns) do { } while (0)
#define mdelay(ms) do { } while (0)
#define ktime_get() ((ktime_t)0)
#define ktime_get_ns() 0ULL
#define ktime_get_real() ((ktime_t)0)
#define local_clock() 0ULL
#define sched_clock() 0ULL
#define init_completion(done) ((void)(done))
#define complete(done) ((void)(done))
#define complete_all(done) ((void)(done))
#define wait_for_completion(done) ((void)(done), env_may_sleep())
#define wait_for_completion_timeout(done, jiffies) ((void)(done), env_may_sleep(), 1UL)

unsigned long env_memory_pages(void);

#define totalram_pages() env_memory_pages()
#define nr_free_pages() env_memory_pages()
#define get_num_physpages() env_memory_pages()
#define pfn_valid(pfn) ((pfn) != ~0UL)
