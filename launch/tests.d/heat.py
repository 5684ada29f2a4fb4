"""Runs heat under mpirun, and compares every bit of what it writes with what NumPy computes.

python heat.py PROGRAM; see jobs.py.
"""

import itertools
import os
import struct
import zlib

import numpy as np
from jobs import Run, check, fails, run_parts, save

random = np.random.default_rng(20240611)


def stepped(plate, steps, boundary, flow=0.2):
    """The plate after some steps, with the program's arithmetic."""
    for _ in range(steps):
        north, south = np.roll(plate, 1, 0), np.roll(plate, -1, 0)
        west, east = np.roll(plate, 1, 1), np.roll(plate, -1, 1)
        new = plate + flow * (((north + south) + (west + east)) - 4 * plate)
        if boundary == "fixed":
            for edge in [np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]]:
                new[edge] = plate[edge]
        plate = new
    return plate


def same_bits(a, b):
    return a.shape == b.shape and np.array_equal(a.view("u8"), b.view("u8"))


def read_png(path):
    """The pixels and the palette of a PNG file with a palette, every checksum looked at."""
    with open(path, "rb") as file:
        data = file.read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, place = {}, 8
    while place < len(data):
        length, name = struct.unpack(">I4s", data[place : place + 8])
        content = data[place + 8 : place + 8 + length]
        assert struct.unpack(">I", data[place + 8 + length : place + 12 + length])[0] == zlib.crc32(name + content)
        chunks[name.decode()] = content
        place += 12 + length
    width, height, depth, kind, *rest = struct.unpack(">IIBBBBB", chunks["IHDR"])
    assert (depth, kind, rest) == (8, 3, [0, 0, 0]) and list(chunks)[-1] == "IEND"
    lines = np.frombuffer(zlib.decompress(chunks["IDAT"]), "u1").reshape(height, width + 1)
    assert not lines[:, 0].any()
    return lines[:, 1:], np.frombuffer(chunks["PLTE"], "u1").reshape(-1, 3)


def lightness(colors):
    """How light colours of sRGB look, from 0 to 1: the L of Oklab."""
    values = colors / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    cones = linear @ np.array([[0.4122215, 0.2119035, 0.0883025], [0.5363325, 0.6806995, 0.2817188],
                               [0.0514460, 0.1073970, 0.6299787]])
    return np.cbrt(cones) @ [0.2104543, 0.7936178, -0.0040720]


def plates():
    """Plates of all shapes on all numbers of ranks, each boundary: also with more ranks than rows or cells."""
    shapes = itertools.cycle([(1, 1), (5, 33), (2, 3), (40, 3), (17, 90), (1, 12), (8, 8)])
    grids = itertools.cycle([None, None, "1x{0}", "{0}x1"])
    keys = ["rows", "columns", "steps", "ranks", "processGrid", "boundary", "seconds", "cellUpdatesPerSecond"]
    keys += ["minimum", "maximum", "mean", "initialMean"]
    for ranks, boundary in itertools.product([1, 2, 3, 4, 7], ["fixed", "periodic"]):
        shape, grid = next(shapes), next(grids)
        plate = random.standard_normal(shape) * 10.0 ** random.integers(-3, 4, size=shape)
        save("start.npy", plate, order=random.choice(["<", ">"]))
        chosen = grid.format(ranks) if grid else None
        if chosen and any(int(n) > cells for n, cells in zip(chosen.split("x"), shape)):
            chosen = None
        arguments = ["--initial", "start.npy", "--steps", 9, "--boundary", boundary, "--output", "end.npy", "--verify"]
        run = Run(ranks, *arguments, *(["--process-grid", chosen] if chosen else []), "--json")
        what = f"{shape}, {boundary}, {ranks} ranks, process grid {chosen}"
        if run.status != 0:
            check(what, f"exit status {run.status}\n{run.errors}")
            continue
        answer, expected = run.answer, stepped(plate, 9, boundary)
        used = answer["processGrid"][0] * answer["processGrid"][1]
        check(
            what,
            (list(answer) != keys and f"keys {list(answer)}")
            or ((answer["rows"], answer["columns"]) != shape and "another shape")
            or (used > ranks and f"process grid {answer['processGrid']}")
            or (chosen and "x".join(map(str, answer["processGrid"])) != chosen and "another process grid")
            or (answer["maximum"] != expected.max() and f"maximum {answer['maximum']}")
            or (answer["minimum"] != expected.min() and f"minimum {answer['minimum']}")
            or (abs(answer["mean"] - expected.mean()) > 1e-12 * np.abs(expected).max() and f"mean {answer['mean']}")
            or (run.errors and f"on standard error: {run.errors}")
            or (not same_bits(np.load("end.npy"), expected) and "other temperatures"),
        )


def hot_spots():
    """The picture that is built in is the same on any number of ranks, and hot in places; heat is neither made nor lost."""
    ends = []
    for ranks in [1, 4]:
        arguments = ["--rows", 70, "--columns", 50, "--boundary", "periodic", "--steps", 30, "--seed", 3, "--json"]
        run = Run(ranks, *arguments, "--output", "end.npy", "--image", "end.png")
        end = np.load("end.npy")
        ends.append((end, open("end.png", "rb").read()))
        mean, start = run.answer["mean"], run.answer["initialMean"]
        check(f"heat stays, {ranks} ranks", (not abs(mean - start) < 1e-10 or not 1 < mean < 90) and f"{start}, {mean}")
    check("the same whatever the ranks", not (same_bits(ends[0][0], ends[1][0]) and ends[0][1] == ends[1][1]) and "no")
    pixels, palette = read_png("end.png")
    end = ends[0][0]
    expected = np.rint((end - end.min()) / (end.max() - end.min()) * 255)
    check("the picture", (pixels.shape != end.shape and f"{pixels.shape}") or (np.abs(pixels - expected).max() > 0 and "other"))
    uneven = np.abs(lightness(palette) - np.linspace(0, 1, 256)).max()
    check("its colours grow lighter evenly", (len(palette) != 256 or uneven > 0.03) and f"off by {uneven}")
    check("from black to white", (palette[0].max() > 8 or palette[-1].min() < 247) and f"{palette[0]}, {palette[-1]}")
    run = Run(2, "--rows", 9000, "--columns", 3, "--steps", 0, "--image", "long.png")
    check("a long plate's picture", run.status and run.errors or read_png("long.png")[0].shape != (3000, 1) and "size")
    run = Run(3, "--rows", 6, "--columns", 7, "--steps", 1, "--verify")
    check("text for people", run.status or ("1 step of a plate of 6 × 7 cells" not in run.output and run.output))


def mistakes():
    """Everything that can be wrong with the input, the output and the command line."""
    plate = random.standard_normal((4, 6))
    save("good.npy", plate), save("float.npy", plate.astype("f4")), save("line.npy", plate.ravel())
    save("none.npy", plate[:0]), save("fortran.npy", np.asfortranarray(plate))
    plate[3, 5] = np.nan
    save("nan.npy", plate)
    with open("noise.npy", "wb") as file:
        file.write(b"\x93NUMPY" + bytes(90))
    os.mkdir("folder")
    fails("no file", 4, ["--initial", "missing.npy"], says="missing.npy")
    fails("no NumPy file", 2, ["--initial", "noise.npy"], says="noise.npy")
    fails("float32", 3, ["--initial", "float.npy"], says="float64")
    fails("one dimension", 2, ["--initial", "line.npy"], says="rows and columns")
    fails("no cells", 1, ["--initial", "none.npy"], says="at least one cell")
    fails("column-major", 2, ["--initial", "fortran.npy"], says="column-major")
    fails("a cell that is no number", 4, ["--initial", "nan.npy"], says="row 3, column 5 is nan")
    fails("output without a folder", 4, ["--rows", 5, "--steps", 1, "--output", "nowhere/end.npy"], says="nowhere/end.npy")
    fails("a folder as output", 2, ["--rows", 5, "--steps", 1, "--output", "folder"], says="folder")
    fails("picture without a folder", 2, ["--rows", 5, "--steps", 1, "--image", "nowhere/end.png"], says="nowhere/end.png")
    fails("too few ranks", 2, ["--process-grid", "2x2"], says="needs 4 ranks")
    fails("too few rows", 4, ["--rows", 3, "--process-grid", "4x1"], says="cannot be divided")
    fails("more memory than there is", 2, ["--rows", 2**31 - 1, "--columns", 2**31 - 1], says="memory")
    usages = [["--rows", 0], ["--process-grid", "2y2"], ["--flow", 0.3], ["--initial", "good.npy", "--rows", 4]]
    for arguments in usages:
        fails(f"usage {arguments}", 2, arguments, status=2)
    run = Run(2, "--help")
    check("--help", run.status or (run.output.count("USAGE:") != 1 and run.output))


run_parts([plates, hot_spots, mistakes])
