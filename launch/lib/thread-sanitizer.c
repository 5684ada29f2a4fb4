// Tells the thread sanitizer what it cannot see in Swift's own libraries, which are built without it. Built with clang and
// loaded before the program; see launch/sanitize.
//
// - Synchronization.Mutex takes and gives contended locks through the kernel.
// - Tasks that are suspended on one thread and resumed on another: the runtime would report them, but its hook
//   `__tsan_on_initialize` is hidden on Linux by the sanitizer's own empty one.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK_SLOW "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

/// What the sanitizer offers to whoever knows of synchronisation that it cannot see; null in other programs.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

__attribute__((constructor)) static void tellRuntime(void) {
  void *runtime = __tsan_acquire ? dlopen("libswiftCore.so", RTLD_LAZY | RTLD_NOLOAD) : NULL;
  void (*initialize)(void) = runtime ? (void (*)(void))dlsym(runtime, "__tsan_on_initialize") : NULL;
  if (initialize) initialize();
}

SWIFT void lockSlow(uint32_t thread, SELF) __asm__(LOCK_SLOW);
SWIFT void lockSlow(uint32_t thread, SELF) {
  ((SWIFT void (*)(uint32_t, SELF))dlsym(RTLD_NEXT, LOCK_SLOW))(thread, self);
  if (__tsan_acquire) __tsan_acquire(self);
}

SWIFT bool tryLockSlow(SELF) __asm__(TRY_LOCK_SLOW);
SWIFT bool tryLockSlow(SELF) {
  bool isLocked = ((SWIFT bool (*)(SELF))dlsym(RTLD_NEXT, TRY_LOCK_SLOW))(self);
  if (isLocked && __tsan_acquire) __tsan_acquire(self);
  return isLocked;
}

SWIFT void unlockSlow(SELF) __asm__(UNLOCK_SLOW);
SWIFT void unlockSlow(SELF) {
  if (__tsan_release) __tsan_release(self);
  ((SWIFT void (*)(SELF))dlsym(RTLD_NEXT, UNLOCK_SLOW))(self);
}
