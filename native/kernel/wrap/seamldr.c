// SPDX-License-Identifier: GPL-2.0-only
/* arch/x86/virt/vmx/tdx/seamldr.c as it is, where a tree has it, and what its driver asks of it. */
#define ENV_RECORDED
#define ENV_RECORDS_CPUS_LOCK
#define ENV_STATIC_LOCK ENV_SEAMLDR
#define ENV_OTHER_LOCK ENV_UPDATE_CONTROL
#define env_site_of(bytes) ENV_OTHER
#include <harness/kernel.h>
#include <env/boot.h>

#ifdef ENV_HAS_SEAMLDR
#include <harness/cpu.h>
#include <harness/memory.h>
#include <linux/export.h>
#include <linux/mm.h>

/* Nothing lies behind a page of an image: P-SEAMLDR is told its number. */
static unsigned long env_pfn_of_image(const void *at);

#define vmalloc_to_pfn(at) env_pfn_of_image(at)
#define vmalloc_to_page(at) pfn_to_page(env_pfn_of_image(at))
#define slow_virt_to_phys(at) ((void)(at), 0UL)

#include KSRC_FILE(arch/x86/virt/vmx/tdx/seamldr.c)

#define ENV_MODULE_PAGES 3
#define ENV_MOST_MODULE_PAGES 496

static const char env_magic[8] = { 'T', 'D', 'X', '-', 'B', 'L', 'O', 'B' };
static u8 env_image[PAGE_SIZE + 1] __aligned(PAGE_SIZE);

static unsigned long env_pfn_of_image(const void *at)
{
	return ENV_IMAGE_PFN + (((const u8 *)at - env_image) >> PAGE_SHIFT);
}

/* Only the header of an image is ever read. */
int env_module_update(int image)
{
	struct tdx_image_header *header = (struct tdx_image_header *)env_image;
	const u32 signatures = image == ENV_IMAGE_TWO_SIGNATURES ? 2 : 1;
	const u32 pages = image == ENV_IMAGE_LARGEST ? ENV_MOST_MODULE_PAGES :
			  image == ENV_IMAGE_TOO_LARGE ? ENV_MOST_MODULE_PAGES + 1 :
			  ENV_MODULE_PAGES;
	u32 bytes = (1 + signatures + pages) * PAGE_SIZE;
	struct seamldr_info info;

	*header = (struct tdx_image_header){
		.version = image == ENV_IMAGE_WRONG_VERSION ? 0x100 : 0x200,
		.sigstruct_nr_pages = signatures,
		.module_nr_pages = pages,
	};
	memcpy(header->signature, env_magic, sizeof(env_magic));
	if (image == ENV_IMAGE_WRONG_MAGIC)
		header->signature[7] ^= 1;
	if (image == ENV_IMAGE_RESERVED_BITS)
		header->reserved[4075] = 1;
	if (image == ENV_IMAGE_WRONG_LENGTH)
		bytes--;
	if (image == ENV_IMAGE_TOO_LONG)
		bytes++;
	if (image == ENV_IMAGE_NO_HEADER)
		bytes = PAGE_SIZE - 1;
	/* The driver shows the version first, which no update may change meanwhile. */
	seamldr_lock_module_update();
	tdx_get_sysinfo();
	seamldr_unlock_module_update();
	return seamldr_get_info(&info) ?: seamldr_install_module(env_image, bytes);
}
#else
int env_module_update(int image)
{
	return -1;
}
#endif
