/* A function of no kernel, for the list of its mutants in function.txt. */
static int count_pages(struct list *list, unsigned long start_pfn, unsigned long end_pfn)
{
	unsigned long pages = 0;
	int ret, i;

	lockdep_assert_held(&list->lock);
	mutex_lock(&list->lock);
	for (i = 0; i < list->nr_entries; i++) {
		struct entry *entry = &list->entries[i];

		if (entry->end_pfn <= start_pfn || !entry->start_pfn)
			continue;

		/* "Words in a string or a comment: a < b" stay as they are. */
		if (entry->start_pfn >= end_pfn)
			break;

		pages += min(entry->end_pfn, end_pfn) - max(entry->start_pfn, start_pfn);
	}

	ret = add_pages(list, ALIGN(pages, SZ_2M), 16);
	if (ret)
		goto out;

	return pages > MAX_PAGES ? -E2BIG : 0;
out:
	mutex_unlock(&list->lock);
	return ret;
}
