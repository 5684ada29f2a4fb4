// The communicators that are known to the board and the agreement.
//
// Each has a number, made by its rank 0 and told to the others when it is made; in checked mode also what its members
// need to agree: an entry in each member's slot when all share memory, else a communicator of its own for messages.
#define _GNU_SOURCE
#include "board.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int checkMode = CHECK_OFF;
double checkLimit = 60, checkStall = 5;
bool isWatchedFromOutside = false;
bool isWholeJobHere = false;

/// The attribute under which a communicator keeps its registration; the two that MPI makes do without.
static int registrationKey = MPI_KEYVAL_INVALID;
static Registration *world, *itself;
static _Atomic uint64_t made = 3;

/// The rank of the world that leads those who share this board, or -1: told to others, to find out who is here.
static int leader = -1;

// MARK: Entries

static _Atomic uint8_t isTaken[ENTRIES];
static _Atomic uint32_t nextEntry;

/// An entry that was not used for as long as possible: another rank may still be reading what its last owner wrote.
static int takeEntry(void) {
  for (int attempt = 0; attempt < ENTRIES; attempt++) {
    int entry = (int)(atomic_fetch_add(&nextEntry, 1) % ENTRIES);
    if (atomic_exchange(&isTaken[entry], 1)) continue;
    for (int turn = 0; turn < RING; turn++) atomic_store(&signatureOf(&ownBoard, ownRank, entry, turn)->turn, 0);
    atomic_store(&slotOf(&ownBoard, ownRank)->decided[entry], 0);
    return entry;
  }
  return -1;
}

// MARK: Registrations

void retainRegistration(Registration *registration) {
  if (registration) atomic_fetch_add(&registration->references, 1);
}

void releaseRegistration(Registration *registration) {
  if (!registration || atomic_fetch_sub(&registration->references, 1) > 1) return;
  if (registration->ownEntry >= 0) atomic_store(&isTaken[registration->ownEntry], 0);
  free(registration->worldRanks), free(registration->entries), free(registration);
}

static int onFree(MPI_Comm comm, int key, void *value, void *extra) {
  (void)comm, (void)key, (void)extra;
  Registration *registration = value;
  // An exchange under way on it ends all the same.
  if (registration->shadow != MPI_COMM_NULL) MPI_Comm_free(&registration->shadow);
  releaseRegistration(registration);
  return MPI_SUCCESS;
}

Registration *registrationOf(MPI_Comm comm) {
  if (comm == MPI_COMM_WORLD) return world;
  if (comm == MPI_COMM_SELF) return itself;
  Registration *registration = NULL;
  int found = 0;
  if (comm == MPI_COMM_NULL || MPI_Comm_get_attr(comm, registrationKey, &registration, &found) != MPI_SUCCESS)
    return NULL;
  return found ? registration : NULL;
}

static void takeName(Registration *registration, MPI_Comm comm) {
  char name[MPI_MAX_OBJECT_NAME] = "";
  int length = 0;
  if (MPI_Comm_get_name(comm, name, &length) != MPI_SUCCESS || strncmp(name, "MPI_COMM", 8) == 0
      || strncmp(name, "MPI COMM", 8) == 0) return;
  snprintf(registration->call.communicatorName, CMPI_COMMUNICATOR_NAME, "%s", name);
}

void noteName(MPI_Comm comm) {
  Registration *registration = cmpi_is_watching ? registrationOf(comm) : NULL;
  if (registration) takeName(registration, comm);
}

/// What the members tell each other.
typedef struct {
  int32_t worldRank, leader, entry, mode;
} Introduction;

/// Numbers the communicator and finds out how its members can agree. Collective over its members.
static int introduce(Registration *registration, MPI_Comm comm) {
  int size = registration->call.size, code;
  uint64_t number = registration->call.communicator;
  if (number == CMPI_COMMUNICATOR_UNKNOWN) {
    number = (uint64_t)ownRank << 32 | atomic_fetch_add(&made, 1);
    if ((code = MPI_Bcast(&number, 1, MPI_UINT64_T, 0, comm)) != MPI_SUCCESS) return code;
    registration->call.communicator = number;
  }
  if (size == 1) return MPI_SUCCESS;
  registration->ownEntry = checkMode == CHECK_SHARED ? takeEntry() : -1;
  Introduction mine = {ownRank, leader, registration->ownEntry, checkMode};
  Introduction *all = malloc(sizeof *all * size);
  registration->worldRanks = malloc(sizeof(int) * size);
  registration->entries = malloc(sizeof(int) * size);
  if (!all || !registration->worldRanks || !registration->entries) return MPI_ERR_NO_MEM;
  code = MPI_Allgather(&mine, sizeof mine, MPI_BYTE, all, sizeof mine, MPI_BYTE, comm);
  if (code != MPI_SUCCESS) return code;
  bool isShared = true;
  registration->isChecked = true;
  for (int i = 0; i < size; i++) {
    registration->worldRanks[i] = all[i].worldRank, registration->entries[i] = all[i].entry;
    isShared &= all[i].entry >= 0 && all[i].leader >= 0 && all[i].leader == all[0].leader;
    registration->isChecked &= all[i].mode != CHECK_OFF;
  }
  free(all);
  if (!isShared) {
    free(registration->entries);
    registration->entries = NULL;
    if (registration->isChecked && (code = MPI_Comm_dup(comm, &registration->shadow)) == MPI_SUCCESS)
      code = MPI_Comm_set_errhandler(registration->shadow, MPI_ERRORS_RETURN);
  }
  return code;
}

static int registered(MPI_Comm comm, uint64_t number, const char *name, Registration **out) {
  Registration *registration = calloc(1, sizeof *registration);
  if (!registration) return MPI_ERR_NO_MEM;
  registration->references = 1, registration->ownEntry = -1, registration->shadow = MPI_COMM_NULL;
  registration->call.communicator = number;
  snprintf(registration->call.communicatorName, CMPI_COMMUNICATOR_NAME, "%s", name);
  int code = MPI_Comm_rank(comm, &registration->call.rank);
  if (code == MPI_SUCCESS) code = MPI_Comm_size(comm, &registration->call.size);
  if (code == MPI_SUCCESS && checkMode != CHECK_OFF) code = introduce(registration, comm);
  *out = registration;
  return code;
}

int cmpi_communicator_made(int code, CMPI_Comm comm) {
  if (code != MPI_SUCCESS || !cmpi_is_watching || comm.raw == MPI_COMM_NULL) return code;
  if ((code = MPI_Comm_set_errhandler(comm.raw, MPI_ERRORS_RETURN)) != MPI_SUCCESS) return code;
  Registration *registration;
  if ((code = registered(comm.raw, CMPI_COMMUNICATOR_UNKNOWN, "", &registration)) != MPI_SUCCESS) return code;
  return MPI_Comm_set_attr(comm.raw, registrationKey, registration);
}

// MARK: Preparation

/// Opens the memory that the ranks of one machine share: a file when the environment names one, else memory without a
/// name that rank 0 of the machine makes and the others open through it. Collective over `node`.
static int openSharedFile(MPI_Comm node) {
  const char *path = getenv("SWIFT_MPI_BOARD");
  if (path && path[0]) return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  int nodeRank, place[2] = {-1, -1}, file = -1;
  MPI_Comm_rank(node, &nodeRank);
#if defined(__linux__)
  if (nodeRank == 0) place[0] = (int)getpid(), place[1] = file = memfd_create("swift-mpi", MFD_CLOEXEC);
  MPI_Bcast(place, 2, MPI_INT, 0, node);
  if (nodeRank != 0 && place[1] >= 0) {
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/fd/%d", place[0], place[1]);
    file = open(name, O_RDWR | O_CLOEXEC);
  }
#else
  char name[32];
  if (nodeRank == 0) place[0] = (int)getpid();
  MPI_Bcast(place, 2, MPI_INT, 0, node);
  snprintf(name, sizeof name, "/swift-mpi.%d", place[0]);
  file = shm_open(name, O_RDWR | O_CREAT, 0600);
  // Without its name it ends with the last process that has it.
  MPI_Barrier(node);
  if (nodeRank == 0) shm_unlink(name);
#endif
  return file;
}

/// Maps the board; where the ranks of the machine cannot share one, each has its own. Collective over the world.
static int openBoard(void) {
  int worldSize, nodeSize, code;
  MPI_Comm node;
  if ((code = MPI_Comm_size(MPI_COMM_WORLD, &worldSize)) != MPI_SUCCESS) return code;
  if ((code = MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node)) != MPI_SUCCESS)
    return code;
  MPI_Comm_size(node, &nodeSize);
  int file = openSharedFile(node);
  int isShared = file >= 0 && mapBoard(&ownBoard, file, worldSize), areShared = 0;
  if (isShared) clearVerdict();
  MPI_Allreduce(&isShared, &areShared, 1, MPI_INT, MPI_LAND, node);
  // Only now may the maker close the file.
  if (file >= 0) close(file);
  leader = ownRank;
  MPI_Bcast(&leader, 1, MPI_INT, 0, node);
  MPI_Comm_free(&node);
  isWholeJobHere = areShared && nodeSize == worldSize;
  if (areShared) return MPI_SUCCESS;
  leader = -1;
  if (isShared) return MPI_SUCCESS;
  FILE *own = tmpfile();
  bool isMapped = own && mapBoard(&ownBoard, fileno(own), worldSize);
  if (own) fclose(own);
  return isMapped ? MPI_SUCCESS : MPI_ERR_NO_MEM;
}

static double secondsFrom(const char *variable, double otherwise) {
  const char *text = getenv(variable);
  char *end;
  double value = text ? strtod(text, &end) : 0;
  return text && end != text && value > 0 ? value : otherwise;
}

int cmpi_watch_start(void) {
  const char *check = getenv("SWIFT_MPI_CHECK"), *path = getenv("SWIFT_MPI_BOARD");
  bool isChecking = check && check[0] && strcmp(check, "0") != 0;
  checkLimit = secondsFrom("SWIFT_MPI_CHECK_TIMEOUT", checkLimit);
  if (!isChecking && !(path && path[0])) return MPI_SUCCESS;
  checkStall = secondsFrom("SWIFT_MPI_CHECK_STALL", checkStall);
  const char *watched = getenv("SWIFT_MPI_CHECK_WATCHED");
  isWatchedFromOutside = watched && strcmp(watched, "1") == 0;
  if (isWatchedFromOutside) checkLimit = HUGE_VAL;
  int code = MPI_Comm_rank(MPI_COMM_WORLD, &ownRank);
  if (code == MPI_SUCCESS) code = openBoard();
  if (code != MPI_SUCCESS) return code;
  if (isChecking) checkMode = strcmp(check, "messages") == 0 || leader < 0 ? CHECK_MESSAGES : CHECK_SHARED;
  code = MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, onFree, &registrationKey, NULL);
  if (code == MPI_SUCCESS) code = prepareDescriptions();
  if (code == MPI_SUCCESS) code = registered(MPI_COMM_WORLD, CMPI_COMMUNICATOR_WORLD, "world", &world);
  if (code == MPI_SUCCESS) code = registered(MPI_COMM_SELF, CMPI_COMMUNICATOR_SELF, "selfOnly", &itself);
  if (code != MPI_SUCCESS) return code;
  claimSlot();
  installHandlers();
  adoptThread();
  cmpi_is_watching = true;
  if (checkMode != CHECK_OFF && !isWatchedFromOutside) startWatchdog();
  // A rank that sees another's slot sees it claimed.
  return checkMode != CHECK_OFF ? MPI_Barrier(MPI_COMM_WORLD) : MPI_SUCCESS;
}
