"""The Python half of a job whose other ranks are the program `peer`: the same calls in the same order, by mpi4py."""

import numpy as np
from mpi4py import MPI

world = MPI.COMM_WORLD
size, rank = world.Get_size(), world.Get_rank()
LENGTH = 5
checks = 0


def made(rank, count):
    return [(rank * 5 + index * 3) % 7 + 1 for index in range(count)]


def expect(call, kind, values, expected):
    global checks
    if not np.array_equal(np.asarray(values), np.asarray(expected)):
        raise SystemExit(f"{call} of {kind.name}: {values} instead of {expected}")
    checks += 1


class Kind:
    """A datatype: how numbers become its values, and what combines them."""

    def __init__(self, name, dtype, datatype, make, reductions):
        self.name, self.dtype, self.datatype = name, np.dtype(dtype, align=True), datatype
        self.make, self.reductions = make, reductions

    def values(self, rank, numbers):
        result = np.zeros(len(numbers), self.dtype)
        for index, number in enumerate(numbers):
            result[index] = self.make(rank, number)
        return result

    def buffer(self, array, counts=None, blocks=1):
        """The array as mpi4py takes it: one block, as many of the same length, or blocks of these counts."""
        memory = array.view(np.uint8) if array.size else np.zeros(0, np.uint8)
        if counts is None:
            return [memory, len(array) // blocks, self.datatype]
        return [memory, (counts, np.concatenate(([0], np.cumsum(counts)[:-1]))), self.datatype]


def move(kind):
    buffer = kind.buffer

    def give(owner, count):
        numbers = made(owner, count)
        # A pair that is only moved carries its number as its location too.
        return np.concatenate([kind.values(n, [n]) for n in numbers]) if numbers else kind.values(0, [])

    def zeros(count):
        return np.concatenate([kind.values(0, [0]) for _ in range(count)])

    everyone = np.concatenate([give(r, LENGTH) for r in range(size)])
    mine = give(rank, LENGTH)
    right, left = (rank + 1) % size, (rank - 1) % size

    for is_sending in (True, False) if rank % 2 == 0 else (False, True):
        if is_sending:
            world.Send(buffer(mine), dest=right, tag=1)
        else:
            received, status = zeros(LENGTH + 1), MPI.Status()
            world.Recv(buffer(received), source=left, tag=1, status=status)
            expect("status", kind, [status.source, status.tag, status.Get_count(kind.datatype)], [left, 1, LENGTH])
            expect("receive", kind, received[:LENGTH], give(left, LENGTH))

    for is_sending in (True, False) if rank % 2 == 0 else (False, True):
        if is_sending:
            world.Ssend(buffer(give(rank, rank + 1)), dest=right, tag=2)
        else:
            status = MPI.Status()
            message = world.Mprobe(source=MPI.ANY_SOURCE, tag=2, status=status)
            received = zeros(status.Get_count(kind.datatype))
            message.Recv(buffer(received))
            expect("receive of unknown length", kind, received, give(left, left + 1))

    received = zeros(LENGTH)
    world.Sendrecv(buffer(mine), dest=right, sendtag=3, recvbuf=buffer(received), source=left, recvtag=3)
    expect("sendReceive", kind, received, give(left, LENGTH))

    counts = np.arange(1, size + 1)
    different = np.concatenate([give(r, r + 1) for r in range(size)])
    mine_of_different = give(rank, rank + 1)
    for root in range(size):
        values = mine.copy() if rank == root else zeros(LENGTH)
        world.Bcast(buffer(values), root=root)
        expect("broadcast", kind, values, give(root, LENGTH))

        values = zeros(size * LENGTH)
        world.Gather(buffer(mine), buffer(values, blocks=size) if rank == root else None, root=root)
        expect("gather", kind, values, everyone if rank == root else zeros(size * LENGTH))

        values = zeros(LENGTH)
        world.Scatter(buffer(everyone, blocks=size) if rank == root else None, buffer(values), root=root)
        expect("scatter", kind, values, mine)

        values = zeros(len(different))
        world.Gatherv(buffer(mine_of_different), buffer(values, counts) if rank == root else None, root=root)
        expect("gather of blocks", kind, values, different if rank == root else zeros(len(different)))

        values = zeros(rank + 1)
        world.Scatterv(buffer(different, counts) if rank == root else None, buffer(values), root=root)
        expect("scatter of blocks", kind, values, mine_of_different)

    values = zeros(size * LENGTH)
    world.Allgather(buffer(mine), buffer(values, blocks=size))
    expect("allGather", kind, values, everyone)

    values = zeros(len(different))
    world.Allgatherv(buffer(mine_of_different), buffer(values, counts))
    expect("allGather of blocks", kind, values, different)

    values = zeros(2 * size)
    world.Alltoall(buffer(give(rank, 2 * size), blocks=size), buffer(values, blocks=size))
    expect("allToAll", kind, values, np.concatenate([give(r, 2 * size)[2 * rank : 2 * rank + 2] for r in range(size)]))

    values = zeros(size * (rank + 1))
    start = rank * (rank + 1) // 2
    world.Alltoallv(buffer(give(rank, len(different)), counts), buffer(values, np.full(size, rank + 1)))
    expected = [give(r, len(different))[start : start + rank + 1] for r in range(size)]
    expect("allToAll of blocks", kind, values, np.concatenate(expected))


def combine(kind, operation, both):
    buffer = kind.buffer

    def give(owner, count):
        return kind.values(owner, made(owner, count))

    def combined(ranks, count):
        result = give(ranks[0], count)
        for other in ranks[1:]:
            result = both(result, give(other, count))
        return result

    ranks = range(size)
    mine, everyone = give(rank, LENGTH), combined(ranks, LENGTH)
    for root in ranks:
        values = mine.copy()
        world.Reduce(buffer(mine), buffer(values) if rank == root else None, op=operation, root=root)
        expect("reduce", kind, values, everyone if rank == root else mine)
    values = mine.copy()
    world.Allreduce(buffer(mine), buffer(values), op=operation)
    expect("allReduce", kind, values, everyone)
    values = mine.copy()
    world.Allreduce(MPI.IN_PLACE, buffer(values), op=operation)
    expect("allReduce in place", kind, values, everyone)
    world.Scan(buffer(mine), buffer(values), op=operation)
    expect("scan", kind, values, combined(ranks[: rank + 1], LENGTH))
    world.Exscan(buffer(mine), buffer(values), op=operation)
    if rank > 0:
        expect("exclusiveScan", kind, values, combined(ranks[:rank], LENGTH))

    values = give(rank, 2)
    world.Reduce_scatter_block(buffer(give(rank, 2 * size), blocks=size), buffer(values), op=operation)
    expect("reduceScatter", kind, values, combined(ranks, 2 * size)[2 * rank : 2 * rank + 2])

    counts = np.arange(1, size + 1)
    total, start = size * (size + 1) // 2, rank * (rank + 1) // 2
    values = give(rank, rank + 1)
    world.Reduce_scatter(buffer(give(rank, total)), buffer(values), recvcounts=counts, op=operation)
    expect("reduceScatter of blocks", kind, values, combined(ranks, total)[start : start + rank + 1])


ARITHMETIC = [(MPI.SUM, np.add), (MPI.PROD, np.multiply)]
ORDER = [(MPI.MIN, np.minimum), (MPI.MAX, np.maximum)]
BITS = [(MPI.BAND, np.bitwise_and), (MPI.BOR, np.bitwise_or), (MPI.BXOR, np.bitwise_xor)]
LOGIC = [(MPI.LAND, np.logical_and), (MPI.LOR, np.logical_or), (MPI.LXOR, np.logical_xor)]
LOCATION = [
    (MPI.MINLOC, lambda a, b: np.where(b["value"] < a["value"], b, a)),
    (MPI.MAXLOC, lambda a, b: np.where(b["value"] > a["value"], b, a)),
]


library = MPI.Get_library_version().split()
is_mpich_4_0 = library[0] == "MPICH" and library[2].startswith("4.0")


def integers(name, datatype):
    # MPICH 4.0 compares unsigned integers as signed: there the binding brings an operation of its own.
    order = [] if is_mpich_4_0 and name.startswith("u") else ORDER
    return Kind(name, name, datatype, lambda rank, number: number, ARITHMETIC + order + BITS)


def floats(name, dtype, datatype):
    return Kind(name, dtype, datatype, lambda rank, number: number / 4, ARITHMETIC + ORDER)


def complexes(name, dtype, datatype):
    return Kind(name, dtype, datatype, lambda rank, number: complex(number, 1 - number), ARITHMETIC)


def located(name, dtype, datatype):
    fields = [("value", dtype), ("location", np.intc)]
    return Kind(name, fields, datatype, lambda rank, number: (number, rank), LOCATION)


has_long_double = np.dtype(np.longdouble).itemsize == 16 and np.finfo(np.longdouble).nmant == 63
kinds = [
    integers("int8", MPI.INT8_T),
    integers("int16", MPI.INT16_T),
    integers("int32", MPI.INT32_T),
    integers("int64", MPI.INT64_T),
    integers("uint8", MPI.UINT8_T),
    integers("uint16", MPI.UINT16_T),
    integers("uint32", MPI.UINT32_T),
    integers("uint64", MPI.UINT64_T),
    integers("int64", MPI.INT64_T),
    integers("uint64", MPI.UINT64_T),
    floats("float", np.float32, MPI.FLOAT),
    floats("double", np.float64, MPI.DOUBLE),
    floats("long double", np.longdouble, MPI.LONG_DOUBLE),
    Kind("bool", np.bool_, MPI.C_BOOL, lambda rank, number: number % 2 == 1, LOGIC),
    complexes("float complex", np.complex64, MPI.C_FLOAT_COMPLEX),
    complexes("double complex", np.complex128, MPI.C_DOUBLE_COMPLEX),
    located("short and int", np.int16, MPI.SHORT_INT),
    located("int and int", np.int32, MPI.INT_INT),
    located("long and int", np.int64, MPI.LONG_INT),
    located("float and int", np.float32, MPI.FLOAT_INT),
    located("double and int", np.float64, MPI.DOUBLE_INT),
    located("long double and int", np.longdouble, MPI.LONG_DOUBLE_INT),
]
for kind in kinds:
    if "long double" in kind.name and not has_long_double:
        continue
    move(kind)
    for operation, both in kind.reductions:
        combine(kind, operation, both)

total = np.zeros(1, np.int64)
world.Allreduce([np.array([checks], np.int64), MPI.INT64_T], [total, MPI.INT64_T], op=MPI.SUM)
