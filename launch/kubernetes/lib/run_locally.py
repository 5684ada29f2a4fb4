"""launch/kubernetes/run-locally [OPTIONS] MANIFEST…: runs an MPIJob, or an Indexed Job, on this machine.

Each pod is on a host of a testbed of its own (launch/testbed): with its own network, name, processes and root file
system. The pods are those that the MPI operator, or Kubernetes, makes of the manifest; lib/pods.py says what of their
specification is followed. The launcher's output comes as it is written; the exit status is 0 if the job succeeded.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import indexed_job
import mpijob
import yaml
from pods import Unsupported

TESTBED = Path(__file__).resolve().parents[2] / "testbed" / "testbed"


class Cluster:
    """A testbed with one host for each pod, and the pods on it."""

    def __init__(self, pods, images, files, folder):
        self.pods, self.folder, self.processes = pods, Path(folder), {}
        self.environment = os.environ | {"TESTBED": f"pods-{os.getpid()}"}
        hosts = "127.0.0.1 localhost\n" + "".join(
            f"{self.address(k)} {' '.join(pod.names)}\n" for k, pod in enumerate(pods))
        # Before anything runs: what cannot be followed is told at once.
        for k, pod in enumerate(pods):
            script = self.folder / f"{pod.name}.sh"
            script.write_text(pod.script(self.address(k), hosts, images, files))
        self.testbed("up", str(len(pods)))

    @staticmethod
    def address(k):
        return f"10.77.0.{k + 1}"

    def testbed(self, *arguments):
        subprocess.run([TESTBED, *arguments], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def down(self):
        subprocess.run([TESTBED, "down"], env=self.environment, check=False)

    def start(self, k, shown):
        pod = self.pods[k]
        output = None if shown else open(self.folder / f"{pod.name}.output", "w", encoding="utf-8")
        self.processes[k] = subprocess.Popen(
            [TESTBED, "exec", f"node{k + 1}", "bash", self.folder / f"{pod.name}.sh"], env=self.environment,
            cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output and subprocess.STDOUT)

    def status(self, k):
        """The exit status of a pod, `None` while it runs."""
        return self.processes[k].poll()

    def failed(self, among):
        """The first of these pods that has ended with another status than 0."""
        return next((k for k in among if self.status(k) not in (None, 0)), None)

    def await_ready(self, among, deadline):
        """Waits until each pod answers where its readiness probe asks; gives the first that ended instead."""
        for k in among:
            port = self.pods[k].ready_port()
            while port is not None:
                if self.status(k) is not None or time.monotonic() > deadline:
                    return k
                probe = subprocess.run(
                    [TESTBED, "exec", f"node{k + 1}", "timeout", "1", "bash", "-c",
                     f"exec 3<>/dev/tcp/{self.address(k)}/{port}"],
                    env=self.environment, check=False, cwd="/", stderr=subprocess.DEVNULL)
                if probe.returncode == 0:
                    break
                time.sleep(0.1)
        return None

    def said(self, k):
        file = self.folder / f"{self.pods[k].name}.output"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""


def make_key(folder):
    """The files of the Secret of an ssh key, as the operator makes it, and the page says."""
    path = Path(folder) / "id_rsa"
    subprocess.run(["ssh-keygen", "-q", "-t", "ecdsa", "-b", "521", "-N", "", "-C", "job", "-f", path], check=True)
    public = path.with_suffix(".pub").read_text()
    return {"id_rsa": path.read_text(), "id_rsa.pub": public, "authorized_keys": public}


def run_mpijob(job, cluster, limit):
    deadline = time.monotonic() + limit
    workers = range(1, len(cluster.pods))
    for k in workers:
        cluster.start(k, shown=False)
    if job["spec"].get("launcherCreationPolicy") == "WaitForWorkersReady":
        stuck = cluster.await_ready(workers, deadline)
        if stuck is not None:
            return f"{cluster.pods[stuck].name} did not become ready", stuck
    cluster.start(0, shown=True)
    while time.monotonic() < deadline:
        if cluster.status(0) is not None:
            status = cluster.status(0)
            return (f"the launcher ended with exit status {status}" if status else None), cluster.failed(workers)
        time.sleep(0.05)
    return f"it was not done after {limit} s", None


def run_indexed_job(job, cluster, limit):
    deadline = time.monotonic() + limit
    index = indexed_job.deciding(job)
    everyone = range(len(cluster.pods))
    for k in everyone:
        cluster.start(k, shown=k == (index or 0))
    while time.monotonic() < deadline:
        failed = cluster.failed(everyone)
        if failed is not None:
            return f"{cluster.pods[failed].name} ended with exit status {cluster.status(failed)}", failed
        if all(cluster.status(k) == 0 for k in (everyone if index is None else [index])):
            return None, None
        time.sleep(0.05)
    return f"it was not done after {limit} s", None


def main():
    parser = argparse.ArgumentParser(prog="launch/kubernetes/run-locally", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", nargs="+", help="files of YAML; - is the standard input")
    parser.add_argument("--image", action="append", metavar="FOLDER",
                        help="the files of the image, whatever the manifest calls it; with several, the first that "
                        "has a file gives it (this machine's own root may be the last)")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help="less than the job's activeDeadlineSeconds")
    options = parser.parse_args()

    documents = []
    for name in options.manifest:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        documents += [document for document in yaml.safe_load_all(text) if document]
    jobs = [document for document in documents if document["kind"] in ("MPIJob", "Job")]
    if len(jobs) != 1:
        parser.error(f"there must be one MPIJob or Job, not {len(jobs)}")
    job, kind = jobs[0], jobs[0]["kind"]

    with tempfile.TemporaryDirectory(prefix="swift-mpi-pods-") as folder:
        os.chmod(folder, 0o755)
        key = make_key(folder)
        configurations = {d["metadata"]["name"]: d.get("data", {}) for d in documents if d["kind"] == "ConfigMap"}

        def files(what, name):
            # The only Secret of these jobs is that of the key, which no manifest has in it.
            return key if what == "secret" else configurations[name]

        is_mpijob = kind == "MPIJob"
        policy = job["spec"].get("runPolicy", {}) if is_mpijob else job["spec"]
        limit = min(policy.get("activeDeadlineSeconds", float("inf")), options.timeout or 3600)
        cluster = None
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            pods = mpijob.pods(job, key) if is_mpijob else indexed_job.pods(job)
            start = time.monotonic()
            cluster = Cluster(pods, [os.path.abspath(image) for image in options.image or ["/"]], files, folder)
            problem, culprit = (run_mpijob if is_mpijob else run_indexed_job)(job, cluster, limit)
            seconds = time.monotonic() - start
            if problem and culprit is not None:
                print(cluster.said(culprit), end="", file=sys.stderr)
            name = job["metadata"]["name"]
            print(f"{kind} {name}: {'Failed: ' + problem if problem else 'Succeeded'}, {seconds:.1f} s", flush=True)
            return 1 if problem else 0
        except Unsupported as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
        finally:
            if cluster:
                cluster.down()


sys.exit(main())
