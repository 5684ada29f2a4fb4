"""The pods that Kubernetes makes of an Indexed Job: one for each index, with a stable name below a headless Service."""

from pods import Pod, Unsupported


def pods(job):
    spec, name = job["spec"], job["metadata"]["name"]
    space = job["metadata"].get("namespace", "default")
    if spec.get("completionMode") != "Indexed":
        raise Unsupported(f"the Job {name} is not Indexed: its pods have no names")
    if spec.get("parallelism", 1) < spec["completions"]:
        raise Unsupported(f"the Job {name} would not run all of its pods at once")
    template = spec["template"]["spec"]
    domain = template.get("subdomain")
    made = []
    for index in range(spec["completions"]):
        pod = f"{name}-{index}"
        names = [f"{pod}.{domain}.{space}.svc", f"{pod}.{domain}"] if domain else []
        made.append(Pod(name=pod, spec=template, namespace=space, names=names + [pod],
                        added_environment={"JOB_COMPLETION_INDEX": str(index)}))
    return made


def deciding(job):
    """The index whose success is the job's, by its successPolicy; `None` if all must succeed."""
    rules = job["spec"].get("successPolicy", {}).get("rules", [])
    if not rules:
        return None
    indexes = rules[0].get("succeededIndexes", "")
    if len(rules) > 1 or not indexes.isdigit():
        raise Unsupported("a successPolicy is known here that names one index")
    return int(indexes)
