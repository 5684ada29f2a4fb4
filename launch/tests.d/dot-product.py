"""Runs dot-product under mpirun on files that NumPy writes, and compares with what NumPy computes.

python dot-product.py PROGRAM, in an empty folder and with the variables of launch/lib/common.sh. The last line is
`N passed, N failed`.
"""

import itertools
import math
import os

import numpy as np
from jobs import Run, check, fails, on_ranks, run_parts, save

RANKS = on_ranks([1, 2, 3, 4, 7])
LENGTHS = [0, 1, 3, 7, 1000, 100_003]
TYPES = ["f4", "f8", "i4", "i8", "c8", "c16"]

random = np.random.default_rng(20240607)


def values(length, kind):
    """Random elements of a type; small integers and large ones, whose sums stay within 128 bits."""
    if kind[0] == "i":
        limit = 2 ** (31 if kind == "i4" else 55)
        mixed = random.integers(-limit, limit, size=length, dtype=kind)
        return np.where(random.random(length) < 0.5, mixed, mixed % 100).astype(kind)
    numbers = random.standard_normal(length)
    if kind[0] == "c":
        numbers = numbers + 1j * random.standard_normal(length)
    return numbers.astype(kind)


def exact(x, y):
    """The sum of the products without rounding: an integer, or real and imaginary part."""
    if x.dtype.kind == "i":
        return sum(map(lambda a, b: int(a) * int(b), x.ravel().tolist(), y.ravel().tolist()))
    x, y = (a.ravel().astype(np.complex128) for a in (x, y))
    terms = np.longdouble  # 64 bits of precision: 11 more than the job has
    real = (x.real.astype(terms) * y.real).sum() - (x.imag.astype(terms) * y.imag).sum()
    imaginary = (x.real.astype(terms) * y.imag).sum() + (x.imag.astype(terms) * y.real).sum()
    return real, imaginary


def wrong_sum(result, x, y):
    """What is wrong with a sum, or nothing."""
    expected = exact(x, y)
    if x.dtype.kind == "i":
        return None if result == expected else f"{result} instead of {expected}"
    parts = result if x.dtype.kind == "c" else [result, 0.0]
    scale = float((np.abs(x.astype(np.complex128)) * np.abs(y)).sum())
    for part, reference in zip(parts, expected):
        if abs(part - reference) > 300 * 2.0**-53 * scale:
            return f"{result} instead of {expected}"
    return None


def wrong_products(path, x, y):
    """What is wrong with the file of products, or nothing."""
    products = np.load(path)
    with np.errstate(over="ignore"):
        expected = x * y
    if products.dtype != x.dtype.newbyteorder("="):
        return f"type {products.dtype} instead of {x.dtype}"
    if products.shape != x.shape:
        return f"shape {products.shape} instead of {x.shape}"
    if x.dtype.kind == "c":  # NumPy may fuse multiplication and addition
        limit = 4 * np.finfo(products.dtype).eps
        return None if np.all(np.abs(products - expected) <= limit * np.abs(x) * np.abs(y)) else "other products"
    return None if np.array_equal(products, expected, equal_nan=x.dtype.kind == "f") else "other products"


def compare(what, ranks, x, y, order="<", version=(1, 0)):
    """Saves two arrays, runs the job, and compares everything that it gives."""
    save("x.npy", x, order, version)
    save("y.npy", y, order, version)
    run = Run(ranks, "x.npy", "y.npy", "--output", "p.npy", "--verify", "--json")
    if run.status != 0:
        return check(what, f"exit status {run.status}\n{run.errors}")
    answer = run.answer
    keys = ["result", "length", "ranks", "element", "seconds", "gigabytesPerSecond", "partials"]
    start = 0
    complaint = None
    for rank, partial in enumerate(answer["partials"]):
        end = start + x.size // ranks + (rank < x.size % ranks)
        flat = (a.ravel(order="K")[start:end] for a in (x, y))
        complaint = complaint or wrong_sum(partial, *flat)
        start = end
    check(
        what,
        (list(answer) != keys and f"keys {list(answer)}")
        or (answer["length"] != x.size and f"length {answer['length']}")
        or (answer["ranks"] != ranks and f"ranks {answer['ranks']}")
        or (answer["element"] != x.dtype.name and f"element {answer['element']}")
        or (len(answer["partials"]) != ranks and "another number of partials")
        or (not answer["seconds"] > 0 and "no time")
        or (run.errors and f"on standard error: {run.errors}")
        or complaint
        or wrong_sum(answer["result"], x, y)
        or wrong_products("p.npy", x, y),
    )
    os.remove("p.npy")


def numbers():
    """Every type, byte order, length, version and number of ranks; each pair of these at least once."""
    lengths = itertools.cycle(LENGTHS + LENGTHS[1:])  # 11 of them: out of step with the others
    versions = itertools.cycle([(1, 0), (2, 0), (3, 0)])
    for kind, order, ranks in itertools.product(TYPES, "<>", RANKS):
        length, version = next(lengths), next(versions)
        what = f"{order}{kind}, {length} elements, version {version[0]}, {ranks} ranks"
        compare(what, ranks, values(length, kind), values(length, kind), order, version)
    for length, ranks in itertools.product(LENGTHS, RANKS):
        compare(f"{length} elements on {ranks} ranks", ranks, values(length, "f8"), values(length, "f8"))
    for shape, order in [((), "C"), ((0, 3), "C"), ((12, 7), "C"), ((12, 7), "F"), ((3, 4, 5), "F"), ((1, 9), "F")]:
        x, y = (np.asarray(values(math.prod(shape), "f8").reshape(shape), order=order) for _ in "xy")
        compare(f"shape {shape}, order {order}", 3, x, y)


def exactness():
    """Sums that lose their digits in a naive order, or do not fit 64 bits; what is not finite."""
    big = np.array([1e100, 1.0, -1e100], "f8")
    save("x.npy", np.tile(big, 1000)), save("y.npy", np.ones(3000))
    run = Run(2, "x.npy", "y.npy", "--verify", "--json")
    check("cancellation is verified", run.status and run.errors)
    least = np.full(2, -(2**63), "i8")
    save("x.npy", least), save("y.npy", least)
    fails("a sum beyond 128 bits", 2, ["x.npy", "y.npy"], says="128 bits")
    compare("the largest sum of int64", 2, np.array([-(2**63)] * 2, "i8"), np.array([-(2**63), -(2**63) + 1], "i8"))
    compare("int32 beyond 64 bits", 3, np.full(9, -(2**31), "i4"), np.full(9, -(2**31), "i4"))
    for name, special in [("nan", math.nan), ("inf", math.inf), ("-inf", -math.inf)]:
        for kind in ["f4", "f8"]:
            x = values(50, kind)
            x[17] = special
            save("x.npy", x), save("y.npy", np.ones(50, kind))
            run = Run(2, "x.npy", "y.npy", "--output", "p.npy", "--verify", "--json")
            got = run.answer["result"] if run.status == 0 else run.errors
            check(f"{name} in {kind}", got != name and got or wrong_products("p.npy", x, np.ones(50, kind)))
            os.remove("p.npy")


def generated():
    """Random arrays are the same on any number of ranks, and what is written is what is computed with."""
    for kind, name in [("float", "f4"), ("double", "f8")]:
        written = []
        for ranks in [1, 4]:
            folder = f"{kind}-{ranks}"
            os.mkdir(folder)
            arguments = ["--length", 10_007, "--seed", 5, "--element", kind, "--write-inputs", folder]
            run = Run(ranks, *arguments, "--output", f"{folder}/p.npy", "--verify", "--json", "--repeat", 3)
            if run.status != 0:
                check(f"random {kind} on {ranks} ranks", run.errors)
                continue
            x, y = (np.load(f"{folder}/{array}.npy") for array in "xy")
            written.append((x, y))
            check(
                f"random {kind} on {ranks} ranks",
                (x.dtype != name and f"type {x.dtype}")
                or (not (x.min() >= 0 and x.max() < 1 and abs(x.mean() - 0.5) < 0.02) and "not random in 0 ..< 1")
                or (abs(np.corrcoef(x, y)[0, 1]) > 0.05 and "x and y are alike")
                or wrong_sum(run.answer["result"], x, y)
                or wrong_products(f"{folder}/p.npy", x, y),
            )
        same = len(written) == 2 and all(np.array_equal(a, b) for a, b in zip(*written))
        check(f"random {kind} whatever the ranks", not same and "different arrays")
    run = Run(2, "--length", 1000, "--verify")
    check("text for people", (run.status and run.errors) or ("1000 elements of float64 on 2 ranks" not in run.output))


def mistakes():
    """Everything that can be wrong with the input, the output and the command line."""
    x = values(1000, "f8")
    save("good.npy", x)
    save("short.npy", x[:999])
    save("float.npy", x.astype("f4"))
    save("flags.npy", x > 0)
    save("wide.npy", x.reshape(10, 100)), save("fortran.npy", np.asfortranarray(x.reshape(10, 100)))
    with open("good.npy", "rb") as file:
        data = file.read()
    cases = {
        "truncated.npy": data[:-1], "cut.npy": data[:40], "empty.npy": b"", "noise.npy": b"\x00" * 200,
        "negative.npy": data.replace(b"(1000,)", b"(-100,)"), "huge.npy": data.replace(b"(1000,)", b"(9999,)"),
    }
    for name, content in cases.items():
        with open(name, "wb") as file:
            file.write(content)
    np.save("objects.npy", np.array([None, 1]), allow_pickle=True)
    os.mkdir("folder"), os.mkdir("folder.npy")
    ranks = itertools.cycle([4, 1, 2])
    slowest = 0.0
    for name in [*cases, "missing.npy", "folder", "objects.npy", "short.npy", "float.npy", "flags.npy", "wide.npy"]:
        slowest = max(slowest, fails(f"{name} as the second", next(ranks), ["good.npy", name, "--output", "p.npy"]))
    for name in ["truncated.npy", "missing.npy"]:
        fails(f"{name} as both", 7, [name, name, "--output", "p.npy"], says=name)
    fails("two arrays of flags", 2, ["flags.npy", "flags.npy"], says="bool")
    fails("two orders", 2, ["wide.npy", "fortran.npy"], says="column-major")
    outputs = ["nowhere/p.npy", "folder.npy", "/dev/null", "good.npy", "./folder/../good.npy", "/proc/p.npy"]
    if os.getuid() != 0:
        os.chmod("folder", 0o555)
        outputs.append("folder/p.npy")
    for name in outputs:
        slowest = max(slowest, fails(f"output {name}", next(ranks), ["good.npy", "good.npy", "--output", name]))
    fails("folder for inputs", 4, ["--length", 9, "--write-inputs", "nowhere"], says="nowhere/x.npy")
    for arguments in [
        [], ["good.npy"], ["good.npy"] * 3, ["good.npy", "--length", 3], ["--length", -1], ["--length", "x"],
        ["--length", 3, "--element", "int"], ["good.npy", "good.npy", "--seed", 1], ["--length", 3, "--unknown"],
        ["--length", 3, "--repeat", 0],
    ]:
        fails(f"usage {arguments}", next(ranks), arguments, status=2)
    fails("more memory than there is", 4, ["--length", 2**50], says="memory")
    check("the input is as it was", open("good.npy", "rb").read() != data and "other bytes")
    run = Run(2, "--help")
    check("--help", (run.status and f"exit status {run.status}") or (run.output.count("USAGE:") != 1 and run.output))
    print(f"the slowest failure took {slowest:.1f} s")


run_parts([numbers, exactness, generated, mistakes])
