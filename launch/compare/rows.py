# C = A B as NumPy's users with mpi4py write it: all three matrices in blocks of rows, everyone gets the whole of B.
# rows.py ROWS INNER COLUMNS REPETITIONS
import sys

import numpy as np
from mpi4py import MPI

world = MPI.COMM_WORLD
m, k, n, repetitions = (int(argument) for argument in sys.argv[1:])


def part(count, rank):
    """The range that a rank has of a number of rows."""
    even, more = divmod(count, world.size)
    start = even * rank + min(rank, more)
    return start, start + even + (rank < more)


def elements(rows, columns, which):
    i, j = np.arange(*rows)[:, None], np.arange(columns)
    return ((i * 131 + j * 17 + which * 7) % 101) / 101 - 0.5


mine, mine_of_b = part(m, world.rank), part(k, world.rank)
a, b = elements(mine, k, 0), elements(mine_of_b, n, 1)
whole_b, c = np.zeros((k, n)), np.zeros((mine[1] - mine[0], n))
counts = [(end - start) * n for start, end in (part(k, rank) for rank in range(world.size))]
times = []
for _ in range(repetitions + 1):
    world.Barrier()
    start = MPI.Wtime()
    world.Allgatherv(b, [whole_b, counts])
    np.matmul(a, whole_b, out=c)
    times.append(world.allreduce(MPI.Wtime() - start, MPI.MAX))

for row in range(0, len(c), max(len(c) // 3, 1)):
    columns = np.arange(0, n, max(n // 3, 1))
    i = mine[0] + row
    exact = elements((i, i + 1), k, 0) @ elements((0, k), n, 1)[:, columns]
    if not np.allclose(c[row, columns], exact[0], atol=1e-9 * (k + 1)):
        sys.exit(f"rank {world.rank}: row {i} is wrong")
if world.rank == 0:
    print(f"{sorted(times[1:])[repetitions // 2]:.6f}")
