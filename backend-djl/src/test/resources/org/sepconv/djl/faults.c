// Stands before the C library: a call of posix_memalign, with which the engine takes memory for values, fails.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

// oneDNN takes less for its own objects, and dies of a null.
static const size_t LEAST = 1 << 15;

// Of the calling thread; negative where none fails.
static __thread long before_failure = -1;
static __thread int more_fail;
static __thread int failed;

// The call after some more fails; those behind it too, or not.
void fail_after(long calls, int more) {
  before_failure = calls;
  more_fail = more;
  failed = 0;
}

// Ends that, and says how many failed.
int stop_failing(void) {
  before_failure = -1;
  return failed;
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  static int (*real)(void **, size_t, size_t);
  if (!real) {
    real = (int (*)(void **, size_t, size_t))dlsym(RTLD_NEXT, "posix_memalign");
  }
  if (before_failure >= 0 && size >= LEAST) {
    if (before_failure == 0) {
      failed++;
      before_failure = more_fail ? 0 : -1;
      return ENOMEM;
    }
    before_failure--;
  }
  return real(memory, alignment, size);
}
