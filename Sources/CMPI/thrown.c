// The error that a thread threw last. A request at the end of its life asks for it: where the scope is left by that
// error and the request cannot complete, nobody would ever see it.
//
// Swift's runtime has a hook for every `throw`, which is there for debuggers and test libraries: see swift_willThrow in
// stdlib/public/runtime/ErrorObjectCommon.cpp. Who took it before is called as well.
#include "thrown.h"

#include "board.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

typedef void (*OnThrow)(void *error);
typedef void (*OnTypedThrow)(void *value, const void *type, const void *conformance);

typedef struct {
  void *object, *value;
} Box;

// Weak: a C program that is linked with this file has no such runtime.
#define OF_RUNTIME extern __attribute__((weak))
OF_RUNTIME _Atomic(OnThrow) _swift_willThrow;
OF_RUNTIME _Atomic(OnTypedThrow) _swift_willThrowTypedImpl;
OF_RUNTIME __attribute__((swiftcall)) Box swift_allocError(
  const void *type, const void *conformance, void *value, bool isTaken);
OF_RUNTIME void *swift_errorRetain(void *error);
OF_RUNTIME void swift_errorRelease(void *error);
OF_RUNTIME void *swift_weakInit(void **reference, void *object);
OF_RUNTIME void *swift_weakLoadStrong(void **reference);
OF_RUNTIME void swift_weakDestroy(void **reference);

/// What a thread knows of the error that it threw last.
typedef struct {
  /// The error itself, as long as somebody has it: it is on its way, or was kept.
  void *reference;
  bool isReferenced;
  /// Else a copy, or NULL: a typed error has no object whose end could be seen.
  void *copy;
  int64_t time;
} Thrown;

static pthread_key_t key;
/// Whether there is the key.
static _Atomic bool isWatching;
static OnThrow previous;
static OnTypedThrow previousTyped;

/// Empties the place of an error. The end of a copy may run a deinitialiser, which may throw, and comes here again.
static void forget(Thrown *thrown) {
  while (thrown->isReferenced || thrown->copy) {
    if (thrown->isReferenced) swift_weakDestroy(&thrown->reference);
    void *copy = thrown->copy;
    thrown->isReferenced = false, thrown->copy = NULL;
    if (copy) swift_errorRelease(copy);
  }
}

static void onThreadEnd(void *thrown) {
  forget(thrown);
  free(thrown);
}

/// The place of this thread's error, which is empty now; NULL without memory.
static Thrown *place(void) {
  Thrown *thrown = pthread_getspecific(key);
  if (!thrown && (thrown = calloc(1, sizeof *thrown))) pthread_setspecific(key, thrown);
  if (!thrown) return NULL;
  forget(thrown);
  thrown->time = cmpi_now();
  return thrown;
}

static void onThrow(void *error) {
  if (previous) previous(error);
  Thrown *thrown = place();
#if defined(__APPLE__)
  // It may be an object of Objective-C.
  if (thrown) thrown->copy = swift_errorRetain(error);
#else
  if (thrown) swift_weakInit(&thrown->reference, error), thrown->isReferenced = true;
#endif
}

static void onTypedThrow(void *value, const void *type, const void *conformance) {
  void *copy = swift_allocError(type, conformance, value, false).object;
  if (previousTyped) previousTyped(value, type, conformance);
  // Without a hook of its own a typed error goes to the other one.
  else if (previous) previous(copy);
  Thrown *thrown = place();
  if (thrown) thrown->copy = copy;
  else swift_errorRelease(copy);
}

void watchThrows(void) {
  static atomic_flag isDone = ATOMIC_FLAG_INIT;
  if (!&_swift_willThrow || !&_swift_willThrowTypedImpl || atomic_flag_test_and_set(&isDone)) return;
  if (pthread_key_create(&key, onThreadEnd) != 0) return;
  atomic_store(&isWatching, true);
  previousTyped = atomic_exchange(&_swift_willThrowTypedImpl, onTypedThrow);
  previous = atomic_exchange(&_swift_willThrow, onThrow);
}

void *errorOnItsWay(int64_t since) {
  Thrown *thrown = atomic_load(&isWatching) ? pthread_getspecific(key) : NULL;
  if (!thrown || thrown->time < since) return NULL;
  if (thrown->isReferenced) return swift_weakLoadStrong(&thrown->reference);
  return thrown->copy ? swift_errorRetain(thrown->copy) : NULL;
}

void noteStillOnItsWay(void) {
  Thrown *thrown = pthread_getspecific(key);
  if (thrown) thrown->time = cmpi_now();
}

void releaseError(void *error) { swift_errorRelease(error); }
