"""launch/kubernetes/validate FILE…: checks manifests as strictly as a cluster would, and more, without one.

An MPIJob is checked against the schema and the rules of lib/mpijob.py, the templates of its pods, and every other
document, against Kubernetes' own schemas (the package kubernetes-validate), in which a field that is not known is an
error. With MPIJOB_CRD=FILE, the operator's CustomResourceDefinition, an MPIJob is also checked against that. One line
for each document or problem; the exit status is 0 if there is no problem.
"""

import os
import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
import mpijob
import yaml

VERSION = kubernetes_validate.latest_version()


def strict(schema):
    """A CustomResourceDefinition's schema as JSON schema that refuses fields which it does not name."""
    if not isinstance(schema, dict):
        return schema
    if schema.get("x-kubernetes-int-or-string"):
        return {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    if schema.get("x-kubernetes-preserve-unknown-fields"):
        return {}
    schema = dict(schema)
    if "properties" in schema:
        schema["properties"] = {name: strict(inner) for name, inner in schema["properties"].items()}
        schema.setdefault("additionalProperties", False)
    for key in "items", "additionalProperties":
        if key in schema:
            schema[key] = strict(schema[key])
    return schema


def definition(path, version):
    """The schema of a version of a CustomResourceDefinition, with metadata as Kubernetes has it."""
    for document in yaml.safe_load_all(Path(path).read_text(encoding="utf-8")):
        if document and document["kind"] == "CustomResourceDefinition":
            for entry in document["spec"]["versions"]:
                if entry["name"] == version:
                    schema = strict(entry["schema"]["openAPIV3Schema"])
                    schema["properties"]["metadata"] = {"type": "object"}
                    return schema
    raise SystemExit(f"error: {path} defines no {version}")


def against(schema, document):
    for error in jsonschema.Draft202012Validator(schema).iter_errors(document):
        yield f"{'/'.join(map(str, error.absolute_path)) or 'the document'}: {error.message}"


def against_kubernetes(document, prefix=""):
    try:
        kubernetes_validate.validate(document, VERSION, strict=True)
    except kubernetes_validate.ValidationError as error:
        yield f"{prefix}{'/'.join(map(str, error.path))}: {error.message}"
    except (kubernetes_validate.SchemaNotFoundError, kubernetes_validate.InvalidSchemaError) as error:
        yield f"{prefix}{error}"


def problems(document):
    kind = document.get("apiVersion"), document.get("kind")
    if kind != ("kubeflow.org/v2beta1", "MPIJob"):
        yield from against_kubernetes(document)
        return
    found = list(against(mpijob.SCHEMA, document))
    if os.environ.get("MPIJOB_CRD"):
        found += against(definition(os.environ["MPIJOB_CRD"], "v2beta1"), document)
    yield from found
    if not found:
        yield from mpijob.problems(document)
    for role, replicas in document.get("spec", {}).get("mpiReplicaSpecs", {}).items():
        template = {"apiVersion": "v1", "kind": "PodTemplate", "metadata": {"name": role.lower()},
                    "template": (replicas or {}).get("template")}
        yield from against_kubernetes(template, f"spec/mpiReplicaSpecs/{role}/")


def main():
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__)
        return 0 if len(sys.argv) > 1 else 2
    count = 0
    for name in sys.argv[1:]:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        for document in yaml.safe_load_all(text):
            if not document:
                continue
            where = f"{name}: {document.get('kind')} {document.get('metadata', {}).get('name')}"
            found = list(problems(document))
            count += len(found)
            for problem in found or ["ok"]:
                print(f"{where}: {problem}")
    return 1 if count else 0


sys.exit(main())
