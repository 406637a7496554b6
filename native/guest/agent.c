// SPDX-License-Identifier: MIT
/*
 * The only process of a virtual machine: reads a request a line from the second
 * serial port, does it, and answers with lines that start with a blank; the last
 * one starts with '=' and has an errno.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define BLOCKS "/sys/devices/system/memory"
#define NODES "/sys/devices/system/node"

/* In front of the number of a page; GuestRun.PageMark. */
#define PAGE_MARK 0x7464785000000000ULL

enum { BUFFER = 1 << 16, MAX_ENTRIES = 1 << 14 };

static FILE *host;
static char buffer[BUFFER];

/* Reads a whole file of sysfs, without the end of its last line. */
static const char *text_of(const char *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t length = fd < 0 ? -1 : read(fd, buffer, BUFFER - 1);

	if (fd >= 0)
		close(fd);
	if (length < 0)
		return "-";
	while (length > 0 && buffer[length - 1] == '\n')
		length--;
	buffer[length] = '\0';
	return buffer;
}

/* Turns \n and \\ into what they stand for, in place. */
static size_t unescape(char *text)
{
	char *from = text;
	char *to = text;

	while (*from) {
		if (*from == '\\' && from[1]) {
			from++;
			*to++ = *from == 'n' ? '\n' : *from;
			from++;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
	return (size_t)(to - text);
}

static void do_write(char *arguments)
{
	char *text = strchr(arguments, ' ');
	size_t length;
	int fd;

	if (text)
		*text++ = '\0';
	else
		text = arguments + strlen(arguments);
	length = unescape(text);
	fd = open(arguments, O_WRONLY);
	if (fd < 0) {
		fprintf(host, "=%d\n", errno);
		return;
	}
	errno = 0;
	if (write(fd, text, length) < 0)
		fprintf(host, "=%d\n", errno);
	else
		fprintf(host, "=0\n");
	close(fd);
}

static void do_read(const char *path)
{
	FILE *file = fopen(path, "r");

	if (!file) {
		fprintf(host, "=%d\n", errno);
		return;
	}
	while (fgets(buffer, BUFFER, file)) {
		buffer[strcspn(buffer, "\n")] = '\0';
		fprintf(host, " %s\n", buffer);
	}
	fprintf(host, "=%d\n", ferror(file) ? errno : 0);
	fclose(file);
}

static int compare(const void *one, const void *other)
{
	long a = *(const long *)one;
	long b = *(const long *)other;

	return (a > b) - (a < b);
}

/* Numbers behind a prefix among the names of a folder, ascending. */
static size_t numbers(const char *folder, const char *prefix, long *found)
{
	size_t length = strlen(prefix);
	size_t count = 0;
	struct dirent *entry;
	DIR *dir = opendir(folder);
	char *end;

	while (dir && (entry = readdir(dir)) && count < MAX_ENTRIES) {
		if (strncmp(entry->d_name, prefix, length) != 0)
			continue;
		found[count] = strtol(entry->d_name + length, &end, 10);
		if (entry->d_name[length] && !*end)
			count++;
	}
	if (dir)
		closedir(dir);
	qsort(found, count, sizeof(*found), compare);
	return count;
}

static void show_blocks(void)
{
	static long blocks[MAX_ENTRIES];
	static long nodes[MAX_ENTRIES];
	size_t count = numbers(BLOCKS, "memory", blocks);
	char path[PATH_MAX];

	for (size_t i = 0; i < count; i++) {
		size_t linked;

		snprintf(path, sizeof(path), BLOCKS "/memory%ld", blocks[i]);
		linked = numbers(path, "node", nodes);
		fprintf(host, " block %ld ", blocks[i]);
		for (size_t n = 0; n < linked; n++)
			fprintf(host, "%s%ld", n ? "," : "", nodes[n]);
		snprintf(path, sizeof(path), BLOCKS "/memory%ld/state", blocks[i]);
		fprintf(host, "%s %s", linked ? "" : "-", text_of(path));
		snprintf(path, sizeof(path), BLOCKS "/memory%ld/valid_zones", blocks[i]);
		fprintf(host, " %s\n", text_of(path));
	}
}

/* Lines of a file that start with one of the words, behind blanks. */
static void show_lines(const char *path, const char *label, const char *const *words)
{
	FILE *file = fopen(path, "r");

	while (file && fgets(buffer, BUFFER, file)) {
		const char *line = buffer + strspn(buffer, " ");

		buffer[strcspn(buffer, "\n")] = '\0';
		for (size_t i = 0; words[i]; i++) {
			if (strncmp(line, words[i], strlen(words[i])) == 0) {
				fprintf(host, " %s %s\n", label, line);
				break;
			}
		}
	}
	if (file)
		fclose(file);
}

/* Top-level System RAM of /proc/iomem: what lies inside is indented. */
static void show_ram(void)
{
	FILE *file = fopen("/proc/iomem", "r");

	while (file && fgets(buffer, BUFFER, file)) {
		buffer[strcspn(buffer, "\n")] = '\0';
		if (buffer[0] != ' ' && strstr(buffer, "System RAM"))
			fprintf(host, " ram %s\n", buffer);
	}
	if (file)
		fclose(file);
}

static void show_state(void)
{
	static const char *const zone_words[] = {
		"Node ", "spanned", "present", "managed", "start_pfn:", NULL
	};
	static const char *const every_line[] = { "", NULL };
	static const char *const node_files[] = {
		"online", "has_memory", "has_normal_memory", "possible", NULL
	};
	char path[PATH_MAX];

	show_blocks();
	show_lines("/proc/zoneinfo", "zone", zone_words);
	show_lines("/sys/kernel/debug/memblock/memory", "memblock", every_line);
	show_ram();
	for (size_t i = 0; node_files[i]; i++) {
		snprintf(path, sizeof(path), NODES "/%s", node_files[i]);
		fprintf(host, " node %s %s\n", node_files[i], text_of(path));
	}
	fprintf(host, " node auto_online_blocks %s\n", text_of(BLOCKS "/auto_online_blocks"));
	fprintf(host, " cpus %s\n", text_of("/sys/devices/system/cpu/online"));
	fprintf(host, "=0\n");
}

/* The debugger waits in sync(2), and calls what it likes on that CPU. */
static void do_sync(long cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET((size_t)cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one) < 0) {
		fprintf(host, "=%d\n", errno);
		return;
	}
	sync();
	CPU_ZERO(&one);
	for (size_t i = 0; i < CPU_SETSIZE; i++)
		CPU_SET(i, &one);
	sched_setaffinity(0, sizeof(one), &one);
	fprintf(host, "=0\n");
}

/* Loads a kernel module. */
static void do_insmod(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0) < 0)
		fprintf(host, "=%d\n", errno);
	else
		fprintf(host, "=0\n");
	if (fd >= 0)
		close(fd);
}

static int put(const char *folder, const char *name, const char *text, size_t length)
{
	char path[PATH_MAX];
	ssize_t written = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return errno;
	for (size_t at = 0; at < length && written >= 0; at += (size_t)written)
		written = write(fd, text + at, length - at);
	length = written < 0 ? (size_t)errno : 0;
	close(fd);
	return (int)length;
}

static unsigned long hex_byte(const char *digits)
{
	const char number[] = { digits[0], digits[1], '\0' };

	return strtoul(number, NULL, 16);
}

/*
 * Gives a driver firmware: FOLDER BYTES OFFSET=HEX... The file is zeros but for
 * what stands at the offsets, and each page but the first starts with a mark and
 * its number.
 */
static void do_upload(char *arguments)
{
	enum { PAGE = 4096, PAUSE = 1000000 };
	const struct timespec pause = { .tv_nsec = PAUSE };
	char *folder = strtok(arguments, " ");
	char *word = strtok(NULL, " ");
	size_t length = word ? strtoul(word, NULL, 10) : 0;
	char *image = calloc(1, length + PAGE);
	char status[PATH_MAX];
	int error;

	for (uint64_t page = 1; page * PAGE < length; page++) {
		uint64_t mark = PAGE_MARK | page;

		memcpy(image + page * PAGE, &mark, sizeof(mark));
	}
	while ((word = strtok(NULL, " "))) {
		char *digits;
		size_t at = strtoul(word, &digits, 10);

		for (digits++; digits[0] && digits[1] && at < length; digits += 2)
			image[at++] = (char)hex_byte(digits);
	}
	error = put(folder, "loading", "1", 1);
	if (!error)
		error = put(folder, "data", image, length);
	if (!error)
		error = put(folder, "loading", "0", 1);
	free(image);
	snprintf(status, sizeof(status), "%s/status", folder);
	while (!error && strcmp(text_of(status), "idle") != 0)
		nanosleep(&pause, NULL);
	fprintf(host, "=%d\n", error);
}

static void serve(char *request)
{
	char *arguments = strchr(request, ' ');

	if (arguments)
		*arguments++ = '\0';
	else
		arguments = request + strlen(request);
	if (strcmp(request, "write") == 0)
		do_write(arguments);
	else if (strcmp(request, "read") == 0)
		do_read(arguments);
	else if (strcmp(request, "state") == 0)
		show_state();
	else if (strcmp(request, "insmod") == 0)
		do_insmod(arguments);
	else if (strcmp(request, "upload") == 0)
		do_upload(arguments);
	else if (strcmp(request, "sync") == 0)
		do_sync(strtol(arguments, NULL, 10));
	else
		fprintf(host, "=%d\n", ENOSYS);
	fflush(host);
}

static void mount_all(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
}

int main(void)
{
	enum { SERIAL_MAJOR = 4, SECOND_PORT = 65 };
	struct termios raw;
	char *request = NULL;
	size_t room = 0;
	ssize_t length;
	FILE *requests;
	int fd;

	mount_all();
	mknod("/tty", S_IFCHR | 0600, makedev(SERIAL_MAJOR, SECOND_PORT));
	fd = open("/tty", O_RDWR | O_NOCTTY);
	if (fd < 0 || tcgetattr(fd, &raw) < 0)
		return 1;
	cfmakeraw(&raw);
	cfsetspeed(&raw, B115200);
	tcsetattr(fd, TCSANOW, &raw);
	requests = fdopen(fd, "r");
	host = fdopen(dup(fd), "w");
	if (!requests || !host)
		return 1;
	setvbuf(host, NULL, _IOFBF, BUFFER);
	fprintf(host, "=ready\n");
	fflush(host);
	while ((length = getline(&request, &room, requests)) > 0) {
		request[strcspn(request, "\n")] = '\0';
		serve(request);
	}
	return 0;
}
