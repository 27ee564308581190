/* Preloaded into a trial: lets the n-th call on a file of one folder fail, once or from then on.

   Calls are counted while armed: opening, reading, writing, syncing, cutting, renaming, removing, making. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[PATH_MAX];
static long fails_at, counted;
static int error_number, for_ever, armed, writes_only;
static const char *failed = "";
static unsigned char watched[65536];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void faults_arm(const char *path, long at, int error, int again, int writing)
{
    strncpy(folder, path, sizeof folder - 1);
    fails_at = at; error_number = error; for_ever = again; writes_only = writing;
    counted = 0; failed = "";
    armed = 1;
}

long faults_disarm(void) { armed = 0; return counted; }

const char *faults_failed(void) { return failed; }

static int is_inside(const char *path)
{
    return armed && path && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_watched(int fd) { return armed && fd >= 0 && fd < 65536 && watched[fd]; }

static int fails(const char *name, int writing)
{
    int result;
    if (writes_only && !writing)
        return 0;
    pthread_mutex_lock(&lock);
    counted++;
    result = counted == fails_at || (for_ever && fails_at > 0 && counted > fails_at);
    if (counted == fails_at)
        failed = name;
    pthread_mutex_unlock(&lock);
    if (result)
        errno = error_number;
    return result;
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int opened(int fd, int inside)
{
    if (fd >= 0 && fd < 65536)
        watched[fd] = inside;
    return fd;
}

static int is_writing(int flags) { return (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) != 0; }

#define OPEN(name) \
    int name(const char *path, int flags, ...) \
    { \
        REAL(name); \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more); \
        int inside = is_inside(path); \
        if (inside && fails("open", is_writing(flags) && (flags & O_CREAT))) return -1; \
        return opened(real(path, flags, mode), inside); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int at, const char *path, int flags, ...) \
    { \
        REAL(name); \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more); \
        int inside = is_inside(path); \
        if (inside && fails("openat", is_writing(flags) && (flags & O_CREAT))) return -1; \
        return opened(real(at, path, flags, mode), inside); \
    }
OPENAT(openat)
OPENAT(openat64)

#define ON_FD(type, name, writing, parameters, arguments) \
    type name parameters { REAL(name); if (is_watched(fd) && fails(#name, writing)) return -1; return real arguments; }
ON_FD(ssize_t, read, 0, (int fd, void *to, size_t size), (fd, to, size))
ON_FD(ssize_t, pread, 0, (int fd, void *to, size_t size, off_t at), (fd, to, size, at))
ON_FD(ssize_t, pread64, 0, (int fd, void *to, size_t size, off64_t at), (fd, to, size, at))
ON_FD(ssize_t, write, 1, (int fd, const void *from, size_t size), (fd, from, size))
ON_FD(ssize_t, pwrite, 1, (int fd, const void *from, size_t size, off_t at), (fd, from, size, at))
ON_FD(ssize_t, pwrite64, 1, (int fd, const void *from, size_t size, off64_t at), (fd, from, size, at))
ON_FD(int, fsync, 0, (int fd), (fd))
ON_FD(int, fdatasync, 0, (int fd), (fd))
ON_FD(int, ftruncate, 0, (int fd, off_t size), (fd, size))
ON_FD(int, ftruncate64, 0, (int fd, off64_t size), (fd, size))

ssize_t sendfile(int fd, int from, off_t *at, size_t size)
{
    REAL(sendfile);
    if ((is_watched(fd) || is_watched(from)) && fails("sendfile", is_watched(fd))) return -1;
    return real(fd, from, at, size);
}

ssize_t sendfile64(int fd, int from, off64_t *at, size_t size)
{
    REAL(sendfile64);
    if ((is_watched(fd) || is_watched(from)) && fails("sendfile64", is_watched(fd))) return -1;
    return real(fd, from, at, size);
}

int close(int fd)
{
    REAL(close);
    if (fd >= 0 && fd < 65536)
        watched[fd] = 0;
    return real(fd);
}

#define ON_PATH(name, writing, parameters, arguments) \
    int name parameters { REAL(name); if (is_inside(path) && fails(#name, writing)) return -1; return real arguments; }
ON_PATH(rename, 0, (const char *path, const char *to), (path, to))
ON_PATH(unlink, 0, (const char *path), (path))
ON_PATH(link, 1, (const char *path, const char *to), (path, to))
ON_PATH(mkdir, 1, (const char *path, mode_t mode), (path, mode))
ON_PATH(rmdir, 0, (const char *path), (path))
ON_PATH(chmod, 0, (const char *path, mode_t mode), (path, mode))
