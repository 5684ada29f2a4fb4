"""Runs matrix-product and matrix-vector under mpirun on files that NumPy writes, and compares with what NumPy computes.

python matrix-product.py MATRIX-PRODUCT MATRIX-VECTOR; see jobs.py.
"""

import itertools
import os
import sys

import numpy as np
from jobs import Run, check, fails, run_parts, save

RANKS = [1, 2, 3, 4, 6]
SHAPES = [(5, 7, 3), (1, 1, 1), (0, 4, 3), (4, 0, 3), (33, 2, 40), (2, 90, 3), (40, 30, 20)]
TYPES = ["f4", "f8", "c8", "c16", "i4", "u1", "i8"]
KEYS = [
    "rows", "inner", "columns", "ranks", "element", "grid", "seconds", "gigaflopsPerSecond", "fractionOfPeak",
    "bytesSentPerRank", "lowerBoundBytesPerRank", "relativeError",
]

random = np.random.default_rng(20240608)


def values(shape, kind):
    """Random elements of a type; of integers the large ones too, so that products wrap around."""
    if kind[0] in "iu":
        limits = np.iinfo(kind)
        return random.integers(limits.min, limits.max, size=shape, dtype=kind, endpoint=True)
    numbers = random.standard_normal(shape)
    if kind[0] == "c":
        numbers = numbers + 1j * random.standard_normal(shape)
    return numbers.astype(kind)


def wrong_product(path, a, b):
    """What is wrong with the file of a product, or nothing."""
    product = np.load(path)
    expected = a @ b
    if product.dtype != expected.dtype.newbyteorder("="):
        return f"type {product.dtype} instead of {expected.dtype}"
    if product.shape != expected.shape:
        return f"shape {product.shape} instead of {expected.shape}"
    if product.dtype.kind in "iu":
        return None if np.array_equal(product, expected) else "another product"
    allowed = 4 * (a.shape[1] + 4) * np.finfo(product.dtype).eps * (np.abs(a) @ np.abs(b))
    return None if np.all(np.abs(product - expected) <= allowed) else "another product"


def compare(what, ranks, a, b, arguments=(), order="<"):
    """Saves two matrices, runs the job, and compares everything that it gives."""
    save("a.npy", a, order), save("b.npy", b, order)
    run = Run(ranks, "a.npy", "b.npy", "--output", "c.npy", "--verify", "--json", *arguments)
    if run.status != 0:
        return check(what, f"exit status {run.status}\n{run.errors}")
    answer = run.answer
    a = a.T if "--transpose-a" in arguments else a
    b = b.T if "--transpose-b" in arguments else b
    sides = [answer[key] for key in ["rows", "inner", "columns"]]
    check(
        what,
        (list(answer) != KEYS and f"keys {list(answer)}")
        or (sides != [*a.shape, b.shape[1]] and f"shape {sides}")
        or (answer["ranks"] != ranks and f"ranks {answer['ranks']}")
        or (answer["element"] != a.dtype.name and f"element {answer['element']}")
        or (not 1 <= np.prod(answer["grid"]) <= ranks and f"grid {answer['grid']}")
        or (not answer["seconds"] > 0 and "no time")
        or (not answer["relativeError"] < 1e-3 and f"relative error {answer['relativeError']}")
        or (run.errors and f"on standard error: {run.errors}")
        or wrong_product("c.npy", a, b),
    )
    os.remove("c.npy")


def products():
    """Every type, and every way in which the files can lie, over the shapes and numbers of ranks in turn."""
    shapes, ranks = itertools.cycle(SHAPES), itertools.cycle(RANKS)
    grids = itertools.cycle([[], ["--grid", "1x1x1"], []])
    for index, kind in enumerate(TYPES * 2):
        (m, k, n), size = next(shapes), next(ranks)
        arguments = [name for bit, name in [(1, "--transpose-a"), (2, "--transpose-b")] if index & bit]
        a = values((k, m) if "--transpose-a" in arguments else (m, k), kind)
        b = values((n, k) if "--transpose-b" in arguments else (k, n), kind)
        a = np.asfortranarray(a) if index % 3 == 0 else a
        b = np.asfortranarray(b) if index % 4 < 2 else b
        what = f"{kind}, {m} x {k} x {n}, {size} ranks, {arguments}, Fortran {index % 3 == 0}, {index % 4 < 2}"
        compare(what, size, a, b, arguments + next(grids), "<>"[index % 2])
    for size, grid in [(4, "2x2"), (4, "1x1x4"), (6, "1x2x3"), (6, "3x2x1")]:
        compare(f"grid {grid}", size, values((20, 31), "f8"), values((31, 9), "f8"), ["--grid", grid])


def generated():
    """Random matrices are the same on any number of ranks, and what is written is what is multiplied."""
    written = []
    for ranks in [1, 4]:
        folder = f"random-{ranks}"
        os.mkdir(folder)
        arguments = ["--rows", 120, "--inner", 130, "--columns", 110, "--element", "complex", "--seed", 3]
        run = Run(ranks, *arguments, "--write-inputs", folder, "--output", f"{folder}/c.npy", "--verify", "--json")
        if run.status != 0:
            check(f"random matrices on {ranks} ranks", run.errors)
            continue
        a, b = (np.load(f"{folder}/{name}.npy") for name in "AB")
        written.append((a, b))
        check(f"random matrices on {ranks} ranks", wrong_product(f"{folder}/c.npy", a, b))
    same = len(written) == 2 and all(np.array_equal(a, b) for a, b in zip(*written))
    check("random matrices whatever the ranks", not same and "different matrices")
    run = Run(4, "--rows", 64, "--inner", 64, "--columns", 64, "--grid", "2x2x1", "--json")
    sent = run.answer["bytesSentPerRank"] if run.status == 0 else run.errors
    check("bytes sent", sent != 2 * 32 * 32 * 8 and sent)
    run = Run(2, "--rows", 900, "--inner", 800, "--columns", 700, "--plan")
    check("the plan", (run.status and run.errors) or ("2 × 1 × 1 ranks" not in run.output and run.output))


def mistakes():
    """Everything that can be wrong with the input, the output and the command line."""
    good = values((6, 8), "f8")
    save("good.npy", good), save("right.npy", values((8, 5), "f8")), save("float.npy", values((8, 5), "f4"))
    save("line.npy", values((8,), "f8")), save("cube.npy", values((8, 2, 2), "f8")), save("flags.npy", good > 0)
    with open("right.npy", "rb") as file:
        data = file.read()
    with open("truncated.npy", "wb") as file:
        file.write(data[:-1])
    ranks = itertools.cycle([4, 1, 2])
    for name, says in [
        ("good.npy", "must be as many"), ("float.npy", "float32"), ("line.npy", "(8,)"), ("cube.npy", "(8, 2, 2)"),
        ("flags.npy", "bool"), ("truncated.npy", "truncated.npy"), ("missing.npy", "missing.npy"),
    ]:
        fails(f"{name} on the right", next(ranks), ["good.npy", name, "--output", "c.npy"], says=says)
    for name, says in [("nowhere/c.npy", "nowhere"), ("good.npy", "inputs")]:
        fails(f"output {name}", next(ranks), ["good.npy", "right.npy", "--output", name], says=says)
    sides = ["--rows", 9, "--inner", 9, "--columns", 9]
    for arguments in [[], ["good.npy"], sides[:4], ["good.npy", "right.npy", *sides], [*sides, "--grid", "2y2"]]:
        fails(f"usage {arguments}", next(ranks), arguments, status=2)
    fails("more memory than there is", 4, ["--rows", 2**22, "--inner", 2**22, "--columns", 3], says="memory")
    fails("a limit of memory", 2, ["--rows", 2000, "--inner", 2000, "--columns", 9, "--memory-limit", 1], says="bytes")
    fails("a grid of too many", 2, [*sides, "--grid", "3x1x1"], says="3 places")


def vectors():
    """Products with vectors, and their own mistakes."""
    program = sys.argv[2]
    ranks = itertools.cycle([3, 1, 4])
    for index, kind in enumerate(["f8", "c16", "f4", "i4"]):
        size, arguments = next(ranks), ["--transpose-a"] if index % 2 else []
        a, x = values((17, 30), kind), values((17 if arguments else 30, 1), kind)
        save("a.npy", np.asfortranarray(a) if index > 1 else a), save("x.npy", x[:, 0])
        run = Run(size, "a.npy", "x.npy", "--output", "y.npy", "--verify", "--json", *arguments, program=program)
        what = f"{kind} matrix times vector, {size} ranks, {arguments}"
        if run.status != 0:
            check(what, run.errors)
            continue
        np.save("c.npy", np.load("y.npy")[:, None])
        keys = ["rows", "columns", "ranks", "element", "seconds", "gigabytesPerSecond", "gigaflopsPerSecond", "relativeError"]
        complaint = list(run.answer) != keys and f"keys {list(run.answer)}"
        check(what, complaint or wrong_product("c.npy", a.T if arguments else a, x))
        os.remove("y.npy")
    fails("a vector of another length", 2, ["good.npy", "line.npy", "--transpose-a"], says="as many", program=program)
    fails("no vector", 2, ["good.npy", "right.npy"], says="one dimension", program=program)
    fails("usage", 1, ["--rows", 3], status=2, program=program)


run_parts([products, generated, mistakes, vectors])
