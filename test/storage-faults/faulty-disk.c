/*
 * A disk that fails: preloaded into the daemon, it lets one write or sync of the journal fail, the FAULT_AT-th, and all
 * after it until FAULT_COUNT have failed. FAULT_ERRNO says how: 5 is EIO, 28 is ENOSPC.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int calls = 0;

static int is_journal(int fd) {
	char link[64], name[4096];
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, name, sizeof name - 1);
	if (length <= 0) return 0;
	name[length] = 0;
	const char *base = strrchr(name, '/');
	return base && strncmp(base + 1, "journal.db", 10) == 0 && !strstr(base, "-shm");
}

static int fails(int fd) {
	const char *at = getenv("FAULT_AT"), *count = getenv("FAULT_COUNT"), *code = getenv("FAULT_ERRNO");
	if (!at || !is_journal(fd)) return 0;
	int call = __sync_add_and_fetch(&calls, 1);
	if (call < atoi(at) || call >= atoi(at) + (count ? atoi(count) : 1)) return 0;
	/* So that a test knows that it tested something. */
	const char *hit = getenv("FAULT_HIT");
	if (hit) close(creat(hit, 0600));
	errno = code ? atoi(code) : EIO;
	return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *buffer, size_t size) { return fails(fd) ? -1 : REAL(write)(fd, buffer, size); }
ssize_t pwrite(int fd, const void *buffer, size_t size, off_t at) {
	return fails(fd) ? -1 : REAL(pwrite)(fd, buffer, size, at);
}
ssize_t pwrite64(int fd, const void *buffer, size_t size, off64_t at) {
	return fails(fd) ? -1 : REAL(pwrite64)(fd, buffer, size, at);
}
int fsync(int fd) { return fails(fd) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fails(fd) ? -1 : REAL(fdatasync)(fd); }
