"""The MPIJob, kubeflow.org/v2beta1: what it may say, and the pods that the MPI operator makes of it.

Written after the behaviour of mpi-operator 0.8. The schema is that of the fields outside of the pods' templates, which
are Kubernetes' own; a field that it does not name is an error, where a cluster would drop it without a word.
"""

import re

from pods import Pod

POLICY = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "cleanPodPolicy": {"enum": ["None", "Running", "All"]},
        "ttlSecondsAfterFinished": {"type": "integer", "minimum": 0},
        "activeDeadlineSeconds": {"type": "integer", "minimum": 0},
        "backoffLimit": {"type": "integer", "minimum": 0},
        "suspend": {"type": "boolean"},
        "managedBy": {"enum": ["kubeflow.org/mpi-operator", "kueue.x-k8s.io/multikueue"]},
        "schedulingPolicy": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "minAvailable": {"type": "integer", "minimum": 0},
                "queue": {"type": "string"},
                "minResources": {"type": "object", "additionalProperties": {"type": ["integer", "string"]}},
                "priorityClass": {"type": "string"},
                "scheduleTimeoutSeconds": {"type": "integer", "minimum": 0},
            },
        },
    },
}


def replica(counts):
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["template"],
        "properties": {
            "replicas": counts,
            "restartPolicy": {"enum": ["Never", "OnFailure"]},
            "template": {"type": "object"},
        },
    }


SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["apiVersion", "kind", "metadata", "spec"],
    "properties": {
        "apiVersion": {"const": "kubeflow.org/v2beta1"},
        "kind": {"const": "MPIJob"},
        "metadata": {"type": "object", "required": ["name"]},
        "spec": {
            "type": "object",
            "additionalProperties": False,
            "required": ["mpiReplicaSpecs"],
            "properties": {
                "slotsPerWorker": {"type": "integer", "minimum": 0},
                "runLauncherAsWorker": {"type": "boolean"},
                "sshAuthMountPath": {"type": "string", "pattern": "^/"},
                "launcherCreationPolicy": {"enum": ["AtStartup", "WaitForWorkersReady"]},
                "mpiImplementation": {"enum": ["OpenMPI", "Intel", "MPICH"]},
                "runPolicy": POLICY,
                "mpiReplicaSpecs": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["Launcher"],
                    "properties": {
                        "Launcher": replica({"const": 1}),
                        "Worker": replica({"type": "integer", "minimum": 1}),
                    },
                },
            },
        },
        "status": {"type": "object"},
    },
}


def problems(job):
    """What is wrong with an MPIJob that fits the schema, and would not run, or not as it seems."""
    spec, name = job["spec"], job["metadata"]["name"]
    workers = spec["mpiReplicaSpecs"].get("Worker", {})
    last = f"{name}-worker-{max(workers.get('replicas', 1) - 1, 0)}"
    if not re.fullmatch(r"[a-z]([-a-z0-9]*[a-z0-9])?", last) or len(last) > 63:
        yield f"metadata/name: its last worker would be '{last}', which is no DNS label of at most 63 characters"
    if not workers and not spec.get("runLauncherAsWorker"):
        yield "spec/mpiReplicaSpecs: neither a Worker nor runLauncherAsWorker: nothing to run ranks on"
    if spec.get("launcherCreationPolicy") == "WaitForWorkersReady" and not any(
            "readinessProbe" in container for container in containers(workers)):
        yield "spec/launcherCreationPolicy: WaitForWorkersReady, but no worker has a readinessProbe to wait for"
    yield from problems_of_launcher(spec, workers)
    for role, replicas in spec["mpiReplicaSpecs"].items():
        if "restartPolicy" in replicas["template"].get("spec", {}):
            yield f"spec/mpiReplicaSpecs/{role}/template/spec/restartPolicy: the operator sets it from the one above"


def problems_of_launcher(spec, workers):
    for container in containers(spec["mpiReplicaSpecs"]["Launcher"]):
        words = (container.get("command") or []) + (container.get("args") or [])
        if "mpirun" not in [str(word).rsplit("/", 1)[-1] for word in words]:
            continue
        # Open MPI 5 does not read the variables by which the operator names the host file.
        if spec.get("mpiImplementation", "OpenMPI") == "OpenMPI" and not {"--hostfile", "-hostfile"} & set(words):
            yield "the launcher's mpirun names no --hostfile: Open MPI 5 would run every rank in the launcher's pod"
        for option in "-n", "-np":
            if option in words:
                ranks = int(words[words.index(option) + 1])
                slots = spec.get("slotsPerWorker", 1) * (
                    workers.get("replicas", 1 if workers else 0) + bool(spec.get("runLauncherAsWorker")))
                if ranks > slots:
                    yield f"the launcher asks for {ranks} ranks, the workers have {slots} slots"


def containers(replicas):
    return replicas.get("template", {}).get("spec", {}).get("containers", [])


# ---- What the operator makes of it ----------------------------------------------------------------------------------


def pods(job, key):
    """The launcher's pod and the workers', in this order. `key` has the files of the job's own ssh key."""
    spec, name = job["spec"], job["metadata"]["name"]
    space = job["metadata"].get("namespace", "default")
    replicas = spec["mpiReplicaSpecs"]
    workers = [f"{name}-worker-{k}" for k in range(replicas.get("Worker", {}).get("replicas", 0))]
    launcher = f"{name}-launcher"
    ranked = ([launcher] if spec.get("runLauncherAsWorker") else []) + workers
    mount = spec.get("sshAuthMountPath", "/root/.ssh")
    implementation = spec.get("mpiImplementation", "OpenMPI")
    slots = spec.get("slotsPerWorker", 1)

    def full(pod):
        return f"{pod}.{name}.{space}.svc"

    line = "{} slots={}\n" if implementation == "OpenMPI" else "{}:{}\n"
    configuration = {
        "hostfile": "".join(line.format(full(pod), slots) for pod in ranked),
        "discover_hosts.sh": "#!/bin/sh\n" + "".join(f"echo {full(pod)}\n" for pod in ranked),
    }
    files = {mount: (key, 0o600 if mount == "/root/.ssh" else 0o644)}

    def pod(role, pod_name, environment, more):
        return Pod(
            name=pod_name, spec=replicas[role]["template"]["spec"], namespace=space, names=[full(pod_name), pod_name],
            added_environment={"K_MPI_JOB_ROLE": role.lower()} | environment, added_files=files | more,
            default_command=["/usr/sbin/sshd", "-De"] if role == "Worker" else [])

    made = [pod("Launcher", launcher, variables(implementation, slots), {"/etc/mpi": (configuration, 0o555)})]
    return made + [pod("Worker", worker, {}, {}) for worker in workers]


def variables(implementation, slots):
    """The operator's own, for the launcher. Those of Open MPI are of Open MPI 4: Open MPI 5 does not read them."""
    arguments = "-o ConnectionAttempts=10"
    common = {"NVIDIA_VISIBLE_DEVICES": "", "NVIDIA_DRIVER_CAPABILITIES": ""}
    if implementation == "OpenMPI":
        return common | {
            "OMPI_MCA_orte_keep_fqdn_hostnames": "true",
            "OMPI_MCA_orte_default_hostfile": "/etc/mpi/hostfile",
            "OMPI_MCA_plm_rsh_args": arguments,
            "OMPI_MCA_orte_set_default_slots": str(slots),
        }
    if implementation == "Intel":
        return common | {
            "I_MPI_HYDRA_HOST_FILE": "/etc/mpi/hostfile",
            "I_MPI_HYDRA_BOOTSTRAP_EXEC_EXTRA_ARGS": arguments,
        }
    return common | {"HYDRA_HOST_FILE": "/etc/mpi/hostfile", "HYDRA_LAUNCH_EXTRA_ARGS": arguments}
