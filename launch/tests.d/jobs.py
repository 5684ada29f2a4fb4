"""What the tests in Python share: jobs of a program under mpirun, how they end, and counting checks.

The program is the first argument of the script, which runs in an empty folder and with the variables of
launch/lib/common.sh. The last line is `N passed, N failed`.
"""

import json
import os
import subprocess
import sys
import time

import numpy as np

PROGRAM = sys.argv[1]
COMMON = os.path.join(os.environ["SWIFT_MPI_ROOT"], "launch", "lib", "common.sh")
SECONDS_TO_FAIL = 10

passed = failed = 0


def check(what, complaint):
    """Counts a check: COMPLAINT is what was wrong, or nothing."""
    global passed, failed
    if complaint:
        failed += 1
        print(f"FAILED: {what}: {complaint}", flush=True)
    else:
        passed += 1


def on_ranks(numbers):
    """Those of some numbers of ranks that the variable RANKS names; all without it."""
    wanted = [int(number) for number in os.environ.get("RANKS", "").split()]
    return [number for number in numbers if number in wanted] or numbers


class Run:
    """One job and how it ended."""

    def __init__(self, ranks, *arguments, program=PROGRAM):
        start = time.monotonic()
        command = ["bash", "-c", '. "$0" && mpi_run "$@"', COMMON, str(ranks), program, *map(str, arguments)]
        job = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.seconds = time.monotonic() - start
        self.status, self.output, self.errors = job.returncode, job.stdout, job.stderr

    @property
    def answer(self):
        """The JSON object that the job printed, strictly read."""

        def refuse(constant):
            raise ValueError(f"{constant} is no JSON")

        return json.loads(self.output, parse_constant=refuse)

    @property
    def messages(self):
        """The error messages of the program, without what mpirun says."""
        return [line for line in self.errors.splitlines() if line.lower().startswith("error:")]


def save(path, array, order="<", version=(1, 0)):
    """Writes an array in a byte order and a version of the format."""
    with open(path, "wb") as file:
        np.lib.format.write_array(file, array.astype(array.dtype.newbyteorder(order)), version=version)


def fails(what, ranks, arguments, status=1, says="", program=PROGRAM):
    """The job must fail: soon, with one message, and leave no file behind."""
    before = sorted(os.listdir("."))
    run = Run(ranks, *arguments, program=program)
    after = sorted(os.listdir("."))
    check(
        f"{what}, {ranks} ranks",
        (run.status != status and f"exit status {run.status}\n{run.errors}")
        or (len(run.messages) != 1 and f"{len(run.messages)} messages\n{run.errors}")
        or (says not in run.messages[0] and f"it says: {run.messages[0]}")
        or (run.output and f"on standard output: {run.output}")
        or (run.seconds > SECONDS_TO_FAIL and f"after {run.seconds:.1f} s")
        or (before != after and f"files {set(after) ^ set(before)}"),
    )
    return run.seconds


def run_parts(parts):
    """Runs functions of checks one after the other, prints the last line, and ends."""
    for part in parts:
        begin, before = time.monotonic(), passed
        part()
        print(f"{part.__name__}: {passed - before} passed, {time.monotonic() - begin:.0f} s", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
