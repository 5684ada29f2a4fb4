// One C vocabulary for every MPI: what differs between the implementations ends here.
//
// Handles are wrapped in structs, so that Open MPI's pointers and MPICH's integers look the same and one kind of handle
// cannot be passed for another. Counts, displacements and offsets are 64-bit everywhere; a procedure that the installed
// MPI lacks is made of those that it has. Every function returns an MPI error code unless it says otherwise.
#ifndef CMPI_H
#define CMPI_H

#include "CMPI/base.h"
#include "CMPI/calls.h"
#include "CMPI/gate.h"
#include "CMPI/environment.h"
#include "CMPI/errors.h"
#include "CMPI/groups.h"
#include "CMPI/communicators.h"
#include "CMPI/topologies.h"
#include "CMPI/datatypes.h"
#include "CMPI/reductions.h"
#include "CMPI/point_to_point.h"
#include "CMPI/requests.h"
#include "CMPI/collectives.h"
#include "CMPI/board.h"
#include "CMPI/nonblocking_collectives.h"
#include "CMPI/persistent.h"
#include "CMPI/persistent_collectives.h"
#include "CMPI/neighborhoods.h"
#include "CMPI/engine.h"

#endif
