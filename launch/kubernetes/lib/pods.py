"""Pods as a kubelet would run them, on the hosts of a testbed: what of a pod's specification is followed, and how.

Followed are: command, args, workingDir, env, volumes (emptyDir, configMap, secret), users and groups, capabilities,
no-new-privileges, the read-only root and readiness by tcpSocket. What is not (images, seccomp, limits of cores and
memory, spreading) is for the cluster. A field that would change what runs, and is not known here, is an error.
"""

import re
import shlex
from dataclasses import dataclass, field


class Unsupported(Exception):
    """A pod that cannot be run here as a cluster would run it."""


@dataclass
class Pod:
    """One pod: its specification as in the manifest, and what a controller adds to it."""

    name: str
    spec: dict
    names: list  # by which the other pods find it
    namespace: str = "default"
    added_environment: dict = field(default_factory=dict)
    added_files: dict = field(default_factory=dict)  # mount path: (files by name, mode)
    default_command: list = field(default_factory=list)

    @property
    def container(self):
        containers = self.spec["containers"]
        if len(containers) != 1 or self.spec.get("initContainers"):
            raise Unsupported(f"{self.name}: one container is run here, not several and none before it")
        return containers[0]

    def setting(self, key, default=None):
        """A setting of the container's security context, or else of the pod's."""
        for context in self.container.get("securityContext"), self.spec.get("securityContext"):
            if context and key in context:
                return context[key]
        return default

    def check(self):
        known = {"automountServiceAccountToken", "containers", "enableServiceLinks", "hostname", "initContainers",
                 "restartPolicy", "securityContext", "subdomain", "terminationGracePeriodSeconds", "tolerations",
                 "topologySpreadConstraints", "volumes", "nodeSelector", "affinity", "priorityClassName"}
        known_here = {"name", "image", "imagePullPolicy", "command", "args", "workingDir", "env", "ports",
                      "readinessProbe", "resources", "securityContext", "volumeMounts"}
        unknown = sorted(set(self.spec) - known) + sorted(set(self.container) - known_here)
        if unknown:
            raise Unsupported(f"{self.name}: not known here: {', '.join(unknown)}")
        if self.setting("privileged"):
            raise Unsupported(f"{self.name}: privileged containers are not run here")
        if self.setting("runAsNonRoot") and not self.setting("runAsUser"):
            raise Unsupported(f"{self.name}: runAsNonRoot, and no runAsUser that says who else")

    def environment(self, address):
        fields = {"metadata.name": self.name, "metadata.namespace": self.namespace, "status.podIP": address}
        result = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME": self.name}
        result |= self.added_environment
        for entry in self.container.get("env", []):
            value = entry.get("value", "")
            if "valueFrom" in entry:
                path = entry["valueFrom"].get("fieldRef", {}).get("fieldPath")
                if path not in fields:
                    raise Unsupported(f"{self.name}: the variable {entry['name']} comes from what is not known here")
                value = fields[path]
            result[entry["name"]] = expanded(value, result)
        return result

    def command(self, environment):
        command = self.container.get("command") or []
        arguments = self.container.get("args") or []
        if not command:
            # An image's own command is not known here.
            if not self.default_command:
                raise Unsupported(f"{self.name}: no command")
            command, arguments = (self.default_command, arguments)
        return [expanded(word, environment) for word in command + arguments]

    def ready_port(self):
        """The port that the readiness probe asks for, if there is one."""
        probe = self.container.get("readinessProbe")
        if not probe:
            return None
        if "tcpSocket" not in probe:
            raise Unsupported(f"{self.name}: readiness is known here by tcpSocket only")
        port = probe["tcpSocket"]["port"]
        for entry in self.container.get("ports", []):
            if entry.get("name") == port:
                return entry["containerPort"]
        return int(port)

    def mounts(self, files):
        """Lines of shell that mount the volumes below $root. `files` gives a ConfigMap's or a Secret's files."""
        volumes = {volume["name"]: volume for volume in self.spec.get("volumes", [])}
        group = (self.spec.get("securityContext") or {}).get("fsGroup")
        for path, (content, mode) in self.added_files.items():
            yield from file_mount(path, content, mode, group)
        for mount in self.container.get("volumeMounts", []):
            path, volume = mount["mountPath"], volumes[mount["name"]]
            if "emptyDir" in volume:
                size = quantity((volume["emptyDir"] or {}).get("sizeLimit", "1Gi"))
                yield f"mkdir -p $root{path}"
                yield f"mount -t tmpfs -o mode=0777,size={size} none $root{path}"
                if group is not None:
                    yield f"chgrp {group} $root{path} && chmod g+s $root{path}"
            elif "configMap" in volume or "secret" in volume:
                kind = "configMap" if "configMap" in volume else "secret"
                name = volume[kind].get("name" if kind == "configMap" else "secretName")
                yield from file_mount(path, files(kind, name), volume[kind].get("defaultMode", 0o644), group)
            else:
                raise Unsupported(f"{self.name}: the volume {volume['name']} is of a kind not known here")

    def script(self, address, hosts, images, files):
        """What runs on the pod's host, as root: makes the pod's root file system and becomes its command."""
        self.check()
        environment = self.environment(address)
        user, group = self.setting("runAsUser", 0), self.setting("runAsGroup", 0)
        groups = (self.spec.get("securityContext") or {}).get("fsGroup", group)
        drop = [] if user == 0 and "ALL" not in (self.setting("capabilities") or {}).get("drop", []) else [
            "--bounding-set=-all", "--inh-caps=-all"]
        if self.setting("allowPrivilegeEscalation") is False:
            drop.append("--no-new-privs")
        folder = self.container.get("workingDir", "")
        lines = [
            "set -eu",
            "mkdir /run/pod && mount -t tmpfs none /run/pod && mkdir /run/pod/upper /run/pod/work /run/pod/root",
            "root=/run/pod/root",
            f"lower={shlex.quote(images[-1])}",
            'mount -t overlay -o "lowerdir=$lower,upperdir=/run/pod/upper,workdir=/run/pod/work" overlay "$root"',
            # Copied, as an overlay refuses a layer that is a folder of another one.
            *(f"cp -a {shlex.quote(image)}/. $root/" for image in reversed(images[:-1])),
            f"hostname {shlex.quote(self.name)}",
            "mkdir -p $root/proc $root/sys $root/dev $root/tmp",
            "mount -t proc none $root/proc && mount --rbind /sys $root/sys && mount --rbind /dev $root/dev",
            "mount -t tmpfs -o mode=1777,size=64m none $root/dev/shm",
            f"cat >$root/etc/hosts <<'END'\n{hosts}END",
            f"echo {shlex.quote(self.name)} >$root/etc/hostname",
            *self.mounts(files),
        ]
        if self.setting("readOnlyRootFilesystem"):
            lines.append("mount -o remount,bind,ro $root")
        assignments = " ".join(shlex.quote(f"{name}={value}") for name, value in environment.items())
        words = " ".join(shlex.quote(word) for word in self.command(environment))
        lines += [
            f"home=$(chroot $root getent passwd {user} | cut -d: -f6)",
            f"folder={shlex.quote(folder)}",
            f"exec chroot $root setpriv --reuid={user} --regid={group} --groups={groups} {' '.join(drop)} "
            f"env -i -C \"${{folder:-${{home:-/}}}}\" HOME=\"${{home:-/}}\" {assignments} {words}",
        ]
        return "\n".join(lines) + "\n"


def expanded(text, environment):
    """`$(NAME)` replaced, as Kubernetes does; one of a variable that is not there stays."""
    return re.sub(r"\$\(([A-Za-z_][A-Za-z0-9_]*)\)", lambda m: str(environment.get(m[1], m[0])), str(text))


def file_mount(path, content, mode, group):
    """A read-only volume of small files, owned by root, and readable by the pod's group."""
    yield f"mkdir -p $root{path} && mount -t tmpfs -o mode=0755 none $root{path}"
    for name, text in content.items():
        yield f"cat >$root{path}/{name} <<'END'\n{text.rstrip(chr(10))}\nEND"
        if group is not None:
            yield f"chgrp {group} $root{path}/{name}"
            mode |= 0o440
        yield f"chmod {mode:o} $root{path}/{name}"
    yield f"mount -o remount,ro $root{path}"


def quantity(text):
    """A Kubernetes quantity in bytes."""
    factors = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
    match = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", str(text))
    if not match or match[2] not in factors:
        raise Unsupported(f"'{text}' is no size that is known here")
    return int(float(match[1]) * factors[match[2]])
