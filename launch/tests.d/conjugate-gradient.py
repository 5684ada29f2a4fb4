"""Runs conjugate-gradient under mpirun on systems of real problems, and compares with what SciPy computes.

python conjugate-gradient.py PROGRAM; see jobs.py. The matrices are those that PyAMG brings (a bar of elastic elements, the
triangles around an airfoil, a cube, a graph with a hole), and the classical ones that a formula makes.
"""

import gzip
import itertools
import os
import warnings

import numpy as np
import scipy.io
import scipy.sparse as sparse
import scipy.sparse.linalg
from jobs import Run, check, fails, run_parts, save

warnings.filterwarnings("ignore")
from pyamg.gallery import load_example  # noqa: E402

random = np.random.default_rng(20240612)
KEYS = ["rows", "nonzeros", "ranks", "preconditioner", "iterations", "residual", "trueResidual", "seconds", "history"]


def poisson(*lengths):
    """Minus the Laplacian on a grid, with as many neighbours in each dimension."""
    whole = sparse.csr_array((1, 1))
    for length in lengths:
        line = sparse.diags_array([-1.0, 2.0, -1.0], offsets=[-1, 0, 1], shape=(length, length))
        whole = sparse.kron(whole, sparse.eye_array(length)) + sparse.kron(sparse.eye_array(whole.shape[0]), line)
    return whole


def laplacian(matrix):
    """The Laplacian of a matrix's graph, with a little more on the diagonal, so that it is positive definite."""
    graph = (abs(matrix.tocsr()) > 0).astype("i8")
    graph.setdiag(0)
    return sparse.diags_array(np.asarray(graph.sum(axis=1)).ravel() + 1) - graph


def solves(what, ranks, matrix, *arguments, b=None):
    """Runs the job and compares x with SciPy's."""
    matrix = matrix.tocsr()
    if b is None:
        b = matrix @ np.ones(matrix.shape[0])
    run = Run(ranks, "a.mtx", *arguments, "--output", "x.npy", "--verify", "--history", "--json")
    if run.status != 0:
        return check(what, f"exit status {run.status}\n{run.errors}")
    answer, x = run.answer, np.load("x.npy")
    diagonal = matrix.diagonal() if "--jacobi" in arguments else np.ones(len(b))
    counted = itertools.count()
    scipy.sparse.linalg.cg(
        matrix, b, rtol=1e-8, atol=0, maxiter=10 * len(b), M=sparse.diags_array(1 / diagonal),
        callback=lambda _: next(counted))
    theirs = next(counted)
    exact = scipy.sparse.linalg.spsolve(matrix.tocsc().astype("f8"), b)
    residual = np.linalg.norm(b - matrix @ x) / np.linalg.norm(b)
    energy = lambda error: np.sqrt(error @ (matrix @ error))  # noqa: E731
    check(
        f"{what}, {ranks} ranks",
        (list(answer) != KEYS and f"keys {list(answer)}")
        or (answer["rows"] != len(b) and f"rows {answer['rows']}")
        or (answer["nonzeros"] != matrix.nnz and f"nonzeros {answer['nonzeros']} instead of {matrix.nnz}")
        or (not residual < 2e-8 and f"residual {residual}")
        or (abs(answer["trueResidual"] - residual) > 1e-12 and f"its residual {answer['trueResidual']}, ours {residual}")
        or (len(answer["history"]) != answer["iterations"] + 1 and "another history")
        or (answer["history"][0] != 1 or not answer["history"][-1] <= 1e-8) and f"history {answer['history']}"
        or (abs(answer["iterations"] - theirs) > 3 and f"{answer['iterations']} iterations, SciPy takes {theirs}")
        or (not energy(x - exact) < 1e-5 * energy(exact) and "another solution")
        or (run.errors and f"on standard error: {run.errors}"),
    )


def write(matrix, **options):
    scipy.io.mmwrite("a.mtx", matrix.tocoo(), **options)


def systems():
    """Real matrices on all numbers of ranks, in every kind of file."""
    ranks = itertools.cycle([4, 2, 7, 3, 1])
    bar, airfoil = load_example("bar")["A"], load_example("airfoil")["A"]
    for jacobi in [["--jacobi"], []]:
        write(bar, symmetry="symmetric")
        for _ in range(3 if jacobi else 1):
            solves(f"a bar {jacobi}", next(ranks), bar, *jacobi)
        write(airfoil, symmetry="general")
        for _ in range(3 if jacobi else 1):
            solves(f"an airfoil {jacobi}", next(ranks), airfoil, *jacobi)
    cube = load_example("unit_cube")["A"]
    write(cube, symmetry="symmetric", precision=17)
    solves("a cube", next(ranks), cube)
    knot = laplacian(load_example("knot")["A"])
    write(knot, field="integer", symmetry="symmetric")
    solves("a graph of integers", next(ranks), knot)
    for shape in [(23, 17), (5, 6, 7)]:
        write(poisson(*shape), symmetry="symmetric")
        solves(f"Poisson's equation on {shape}", next(ranks), poisson(*shape))
    small = sparse.csr_array(np.array([[2.0]]))
    write(small, symmetry="general")
    solves("one equation on seven ranks", 7, small)


def right_hand_sides():
    """b from files of both kinds, and files in the ways that people write them."""
    matrix = poisson(12, 9)
    write(matrix, symmetry="symmetric")
    b = random.standard_normal(matrix.shape[0])
    scipy.io.mmwrite("b.mtx", b.reshape(-1, 1), precision=17), save("b.npy", b, order=">"), save("c.npy", b.reshape(-1, 1))
    for ranks, name in [(4, "b.mtx"), (3, "b.npy"), (1, "c.npy"), (7, "b.mtx")]:
        solves(f"b from {name}", ranks, matrix, name, b=b)
    with open("a.mtx") as file:
        lines = file.read().splitlines()
    body = [line.replace("e+00", "D+00").replace(" ", "\t  ") for line in lines[3:]]
    text = [lines[0].upper().replace("%%MATRIXMARKET", "%%MatrixMarket"), "% a comment", "%", "", lines[2], *body, "", ""]
    for ending in ["\n", "\r\n"]:
        with open("a.mtx", "w", newline="") as file:
            file.write(ending.join(text))
        solves(f"lines that end in {ending!r}", 4, matrix)
    run = Run(2, "a.mtx", "b.npy", "--history", "--tolerance", "0.1")
    numbers = [line.split()[0] for line in run.output.splitlines() if line[:1].isdigit() and "equations" not in line]
    check("--history", run.status or (numbers != [str(n) for n in range(len(numbers))] or len(numbers) < 3) and run.output)
    save("zero.npy", np.zeros(matrix.shape[0]))
    run = Run(3, "a.mtx", "zero.npy", "--output", "x.npy", "--json")
    check("nothing", run.status or run.answer["iterations"] or np.load("x.npy").any() and "something")
    os.remove("x.npy")


def mistakes():
    """Everything that can be wrong with the matrix, the right-hand side and the command line."""
    real = "%%MatrixMarket matrix coordinate real symmetric\n"
    general = real.replace("symmetric", "general")
    cases = {
        "empty": ("", "header"), "noise": ("\x00\x01" * 100, "header"), "cut": (real, "within its header"),
        "banner": ("%%MatrixMarket tensor coordinate real general\n1 1 1\n1 1 1\n", "no header"),
        "complex": (real.replace("real", "complex") + "1 1 1\n1 1 1 0\n", "complex"),
        "skew": (real.replace("symmetric", "skew-symmetric") + "2 2 1\n2 1 1\n", "skew-symmetric"),
        "dense": ("%%MatrixMarket matrix array real general\n1 1\n1\n", "dense"),
        "sizes": (real + "2 2\n1 1 1\n2 2 1\n", "rows, columns and entries"),
        "negative": (real + "-2 2 2\n1 1 1\n2 2 1\n", "rows, columns and entries"),
        "huge": (real + "9 9 99999999999999\n1 1 1\n", "no room"),
        "rectangular": (real + "2 3 2\n1 1 1\n2 2 1\n", "square"),
        "few": (real + "2 2 3\n1 1 1.0000000\n2 2 1.0000000\n", "has 2"),
        "many": (real + "2 2 2\n1 1 1\n2 2 1\n2 1 0.5\n", "has 3"),
        "row": (real + "2 2 2\n1 1 1\n3 2 1\n", "from 1 to 2"), "zero": (real + "2 2 2\n1 1 1\n2 0 1\n", "from 1 to 2"),
        "word": (real + "2 2 2\n1 1 1\n2 2 one\n", "a number is expected"),
        "nan": (real + "2 2 2\n1 1 1\n2 2 nan\n", "no number to compute with"),
        "short": (real + "2 2 2\n1 1\n2 2 1.000\n", "a number is expected"),
        "long": (real + "2 2 2\n1 1 1\n2 2 1 7\n", "more in the line"),
        "upper": (real + "2 2 3\n1 1 1\n2 2 1\n1 2 0\n", "above the diagonal"),
        "lonely": (general + "2 2 3\n1 1 1\n2 2 1\n1 2 1\n", "not symmetric"),
        "unequal": (general + "2 2 4\n1 1 1\n2 2 1\n1 2 0.5\n2 1 0.25\n", "not symmetric"),
        "diagonal": (real + "3 3 3\n1 1 1\n2 2 -1\n3 3 1\n", "not positive definite"),
        "gap": (real + "3 3 3\n1 1 1\n2 1 1\n3 3 1\n", "not positive definite"),
        "indefinite": (real + "2 2 3\n1 1 1\n2 1 5\n2 2 1\n", "not positive definite"),
    }
    ranks = itertools.cycle([2, 4, 1, 3, 7])
    for name, (text, says) in cases.items():
        with open("bad.mtx", "w") as file:
            file.write(text)
        b = ["b2.npy"] if name == "indefinite" else []
        save("b2.npy", np.array([1.0, -1.0]))
        fails(f"{name}", next(ranks), ["bad.mtx", *b], says=says)
    with open("bad.mtx", "wb") as file:
        file.write(gzip.compress(b"%%MatrixMarket matrix coordinate real general\n1 1 1\n1 1 1\n"))
    fails("compressed", 2, ["bad.mtx"], says="gunzip")
    fails("no file", 4, ["missing.mtx"], says="missing.mtx")
    write(poisson(12, 9), symmetry="symmetric")
    fails("too few iterations", 3, ["a.mtx", "--max-iterations", 3, "--output", "x.npy"], says="No convergence in 3")
    save("b.npy", np.ones(9)), save("f.npy", np.ones(108, "f4")), save("n.npy", np.full(108, np.inf))
    for name, says in [("b.npy", "108 rows"), ("f.npy", "float64"), ("n.npy", "is inf"), ("a.mtx", "right-hand side")]:
        fails(f"b from {name}", next(ranks), ["a.mtx", name], says=says)
    fails("output without a folder", 2, ["a.mtx", "--output", "nowhere/x.npy"], says="nowhere/x.npy")
    for arguments in [[], ["a.mtx", "--tolerance", 0], ["a.mtx", "b.npy", "c.npy"]]:
        fails(f"usage {arguments}", 2, arguments, status=2)


run_parts([systems, right_hand_sides, mistakes])
