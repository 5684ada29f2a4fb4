// Stacks: of a call, by frame pointers; of a thread that a signal interrupted, by unwinding.
#define _GNU_SOURCE
#include "board.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <unwind.h>

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#include <mach-o/loader.h>
#include <sys/ucontext.h>
#else
#include <link.h>
#include <sys/syscall.h>
#include <ucontext.h>
#endif

// MARK: Frame pointers

/// The bounds of this thread's stack, asked for once.
static _Thread_local uintptr_t stackLow, stackHigh;

static void findStack(void) {
#if defined(__APPLE__)
  stackHigh = (uintptr_t)pthread_get_stackaddr_np(pthread_self());
  stackLow = stackHigh - pthread_get_stacksize_np(pthread_self());
#else
  pthread_attr_t attributes;
  void *low;
  size_t size;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  if (pthread_attr_getstack(&attributes, &low, &size) == 0) stackLow = (uintptr_t)low, stackHigh = stackLow + size;
  pthread_attr_destroy(&attributes);
#endif
}

static int walk(uintptr_t frame, uintptr_t low, uintptr_t high, uint64_t *frames, int capacity) {
  int count = 0;
  while (count < capacity) {
    frame &= ~(UINT64_C(1) << 60);  // Swift marks the frames of async functions.
    if (frame < low || frame > high - 2 * sizeof(void *) || frame % sizeof(void *) != 0) break;
    uintptr_t next = ((uintptr_t *)frame)[0], address = ((uintptr_t *)frame)[1];
    if (address < 4096) break;
    frames[count++] = address;
    low = frame + 1;  // Callers lie above.
    frame = next;
  }
  return count;
}

__attribute__((noinline)) int walkStack(uint64_t *frames, int capacity) {
  if (stackHigh == 0) findStack();
  if (stackHigh == 0) return 0;
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  return walk(here, here, stackHigh, frames, capacity);
}

// MARK: Unwinding

typedef struct {
  uintptr_t interrupted;
  uint64_t *frames;
  int count, capacity;
  bool isPastSignal;
} Unwinding;

static _Unwind_Reason_Code step(struct _Unwind_Context *context, void *state) {
  Unwinding *unwinding = state;
  int isExact = 0;
  uintptr_t address = _Unwind_GetIPInfo(context, &isExact);
  if (address == unwinding->interrupted) unwinding->isPastSignal = true;
  if (!unwinding->isPastSignal) return _URC_NO_REASON;
  if (unwinding->count == unwinding->capacity || address == 0) return _URC_END_OF_STACK;
  // All are kept as return addresses: the interrupted one is itself the place.
  unwinding->frames[unwinding->count++] = address + (isExact ? 1 : 0);
  return _URC_NO_REASON;
}

int unwindInterrupted(void *opaque, uint64_t *frames, int capacity) {
  uintptr_t place = 0, frame = 0, stack = 0;
  ucontext_t *context = opaque;
#if defined(__APPLE__) && defined(__aarch64__)
  place = context->uc_mcontext->__ss.__pc, frame = context->uc_mcontext->__ss.__fp;
  stack = context->uc_mcontext->__ss.__sp;
#elif defined(__APPLE__)
  place = context->uc_mcontext->__ss.__rip, frame = context->uc_mcontext->__ss.__rbp;
  stack = context->uc_mcontext->__ss.__rsp;
#elif defined(__x86_64__)
  place = (uintptr_t)context->uc_mcontext.gregs[REG_RIP], frame = (uintptr_t)context->uc_mcontext.gregs[REG_RBP];
  stack = (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
  place = context->uc_mcontext.pc, frame = context->uc_mcontext.regs[29], stack = context->uc_mcontext.sp;
#else
  (void)context;
#endif
  Unwinding unwinding = {place, frames, 0, capacity, place == 0};
  _Unwind_Backtrace(step, &unwinding);
  if (unwinding.count > 1 || capacity < 2) return unwinding.count;
  // A jump to nowhere, or code without tables: the caller's frame pointer may still be good.
  frames[0] = place + 1;
  if (stackHigh == 0 || stack < stackLow || stack >= stackHigh) return place ? 1 : 0;
  return 1 + walk(frame, stack, stackHigh, frames + 1, capacity - 1);
}

int unwindHere(uint64_t *frames, int capacity) {
  Unwinding unwinding = {0, frames, 0, capacity, true};
  _Unwind_Backtrace(step, &unwinding);
  return unwinding.count;
}

void noteEndStack(void) {
  if (atomic_load(&ownSlot->crashFrameCount) > 0) return;
  atomic_store(&ownSlot->crashFrameCount, unwindHere(ownSlot->crashFrames, CMPI_FRAMES));
}

// MARK: Modules

#if defined(__APPLE__)
void listModules(Slot *slot) {
  int count = 0;
  for (uint32_t i = 0; i < _dyld_image_count() && count < MODULES; i++) {
    const struct mach_header_64 *image = (const struct mach_header_64 *)_dyld_get_image_header(i);
    uint64_t slide = (uint64_t)_dyld_get_image_vmaddr_slide(i);
    const char *next = (const char *)(image + 1);
    for (uint32_t c = 0; c < image->ncmds; c++, next += ((const struct load_command *)next)->cmdsize) {
      const struct segment_command_64 *segment = (const struct segment_command_64 *)next;
      if (segment->cmd != LC_SEGMENT_64 || strcmp(segment->segname, "__TEXT") != 0) continue;
      Module *module = &slot->modules[count++];
      *module = (Module){slide, segment->vmaddr + slide, segment->vmaddr + slide + segment->vmsize, ""};
      strncpy(module->path, _dyld_get_image_name(i), MODULE_PATH - 1);
      break;
    }
  }
  atomic_store(&slot->moduleCount, count);
}
#else
static int listModule(struct dl_phdr_info *info, size_t size, void *opaque) {
  (void)size;
  Slot *slot = opaque;
  int count = atomic_load(&slot->moduleCount);
  if (count == MODULES) return 1;
  Module *module = &slot->modules[count];
  memset(module, 0, sizeof *module);
  module->base = info->dlpi_addr;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
    if (segment->p_type != PT_LOAD) continue;
    uint64_t low = info->dlpi_addr + segment->p_vaddr, high = low + segment->p_memsz;
    if (module->high == 0 || low < module->low) module->low = low;
    if (high > module->high) module->high = high;
  }
  // The executable comes first and has no name.
  if (info->dlpi_name && info->dlpi_name[0]) strncpy(module->path, info->dlpi_name, MODULE_PATH - 1);
  else if (count == 0 && readlink("/proc/self/exe", module->path, MODULE_PATH - 1) < 0) module->path[0] = 0;
  atomic_store(&slot->moduleCount, count + 1);
  return 0;
}

void listModules(Slot *slot) {
  atomic_store(&slot->moduleCount, 0);
  dl_iterate_phdr(listModule, slot);
}
#endif

const char *cmpi_symbol(uint64_t address) {
  Dl_info info;
  return dladdr((void *)(uintptr_t)address, &info) ? info.dli_sname : NULL;
}

extern char *swift_demangle(const char *, size_t, char *, size_t *, uint32_t) __attribute__((weak));

char *cmpi_demangle(const char *symbol) {
  return swift_demangle ? swift_demangle(symbol, strlen(symbol), NULL, NULL, 0) : NULL;
}

// MARK: Signals

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
enum { CRASHES = sizeof crashes / sizeof crashes[0] };
static struct sigaction before[CRASHES];

static void onCrash(int signal, siginfo_t *info, void *context) {
  int error = errno, none = 0;
  if (ownSlot && atomic_load(&ownSlot->processID) == getpid()
      && atomic_compare_exchange_strong(&ownSlot->crashSignal, &none, signal)) {
    atomic_store(&ownSlot->endedAt, now());
    atomic_store(&ownSlot->crashFrameCount, unwindInterrupted(context, ownSlot->crashFrames, CMPI_FRAMES));
  }
  for (int i = 0; i < CRASHES; i++)
    if (crashes[i] == signal) sigaction(signal, &before[i], NULL);
  errno = error;
  // A fault happens again when this returns; a signal that was sent does not.
  if (info->si_code <= 0 || signal == SIGABRT || signal == SIGTRAP) raise(signal);
}

#if defined(__APPLE__)
static _Atomic(pthread_t) sampled;
static int sampleSignal(void) { return SIGINFO; }
static bool isSampledThread(void) {
  return atomic_load(&sampled) == NULL || pthread_equal(atomic_load(&sampled), pthread_self());
}
static bool forwardSample(int signal) { return pthread_kill(atomic_load(&sampled), signal) == 0; }
static void sampleThisThread(void) { atomic_store(&sampled, pthread_self()); }
#else
static int sampleSignal(void) { return SIGRTMIN + 7; }
static bool isSampledThread(void) { return atomic_load(&ownSlot->sampledThread) == (int32_t)syscall(SYS_gettid); }
static bool forwardSample(int signal) {
  return syscall(SYS_tgkill, getpid(), atomic_load(&ownSlot->sampledThread), signal) == 0;
}
static void sampleThisThread(void) { atomic_store(&ownSlot->sampledThread, (int32_t)syscall(SYS_gettid)); }
#endif

static void onSample(int signal, siginfo_t *info, void *context) {
  (void)info;
  int error = errno;
  if (ownSlot && atomic_load(&ownSlot->processID) == getpid()) {
    // A thread that has ended cannot answer: then this one does.
    if (isSampledThread() || !forwardSample(signal)) {
      uint32_t asked = atomic_load(&ownSlot->samplesAsked);
      ownSlot->sampleFrameCount = unwindInterrupted(context, ownSlot->sampleFrames, CMPI_FRAMES);
      atomic_store(&ownSlot->samplesGiven, asked);
    }
  }
  errno = error;
}

static _Unwind_Reason_Code stop(struct _Unwind_Context *context, void *state) {
  (void)context, (void)state;
  return _URC_END_OF_STACK;
}

void installHandlers(void) {
  // Loads and prepares what unwinding needs, which a handler must not.
  _Unwind_Backtrace(stop, NULL);
  struct sigaction action = {0};
  sigemptyset(&action.sa_mask);
  action.sa_sigaction = onCrash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (int i = 0; i < CRASHES; i++) sigaction(crashes[i], &action, &before[i]);
  action.sa_sigaction = onSample;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  if (sigaction(sampleSignal(), &action, NULL) == 0) atomic_store(&ownSlot->sampleSignal, sampleSignal());
}

static void giveSignalStack(void) {
  enum { size = 65536 };
  stack_t current;
  if (sigaltstack(NULL, &current) != 0 || !(current.ss_flags & SS_DISABLE)) return;
  // Kept for as long as the process lives: a thread may crash in its very last steps.
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (memory == MAP_FAILED) return;
  sigaltstack(&(stack_t){.ss_sp = memory, .ss_size = size}, NULL);
}

void adoptThread(void) {
  static _Thread_local bool isAdopted = false;
  static _Thread_local int32_t mine = 0;
  if (!isAdopted) {
    isAdopted = true;
    findStack();
    giveSignalStack();
    // The threads of Dispatch block it, and those run Swift's tasks.
    sigset_t sample;
    sigemptyset(&sample);
    sigaddset(&sample, sampleSignal());
    pthread_sigmask(SIG_UNBLOCK, &sample, NULL);
#if !defined(__APPLE__)
    mine = (int32_t)syscall(SYS_gettid);
#endif
  }
#if defined(__APPLE__)
  (void)mine;
  sampleThisThread();
#else
  if (atomic_load_explicit(&ownSlot->sampledThread, memory_order_relaxed) != mine) sampleThisThread();
#endif
}

void cmpi_board_note_thread(void) {
  if (cmpi_is_watching) adoptThread();
}
