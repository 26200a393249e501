"""Is the manifest whole, of the form that this version writes, and at one with itself?"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from builder import __version__
from builder.dedup.keys import table_digest
from builder.publish.features import CONFIGS
from builder.publish.leaks import dedup_settings
from builder.publish.manifest import digest
from builder.tables import code_digest

_FILE = dict.fromkeys(("path", "config", "split", "sha256", "logical_sha256"), str)

#: What the checks read of a manifest, by type; a list holds values of the one form that stands in it.
SHAPE: dict[str, Any] = {
    "name": str,
    "version": str,
    "licence": str,
    "pipeline": {"name": str, "version": str, "code_sha256": str, "key_table_sha256": str, "packages": dict},
    "inputs": {"files": int, "n_bytes": int, "sha256": str, "listed": [{"source": str, "n_bytes": int, "sha256": str}]},
    "settings": dict,
    "settings_sha256": str,
    "counts": {"pages": int},
    "measured": {"privacy": dict, "labels": dict, "across_splits": dict},
    "empty_splits": [str],
    "files": [{**_FILE, **dict.fromkeys(("rows", "n_bytes", "value_bytes"), int)}],
}

_SHA256 = re.compile("[0-9a-f]{64}")

_NAMES = {str: "a text", int: "a number", dict: "an object"}


def shape_faults(manifest: Any) -> Iterator[str]:
    """What is missing of a manifest, or of another type; without it nothing else can be checked."""
    yield from _shape_faults("", manifest, SHAPE)


def _shape_faults(path: str, value: Any, shape: Any) -> Iterator[str]:
    if isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{path} is no list"
        else:
            for number, each in enumerate(value):
                yield from _shape_faults(f"{path}[{number}]", each, shape[0])
    elif isinstance(shape, Mapping):
        if not isinstance(value, dict):
            yield f"{path or 'it'} is no object"
        else:
            for name, inner in shape.items():
                at = f"{path}.{name}".lstrip(".")
                if name not in value:
                    yield f"lacks {at}"
                else:
                    yield from _shape_faults(at, value[name], inner)
    elif not isinstance(value, shape) or isinstance(value, bool):
        yield f"{path} is not {_NAMES[shape]}"


def settings_faults(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Settings that the checks go by and cannot: thresholds that are none, groups that are no groups."""
    settings = manifest["settings"]
    for name in ("dedup", "splits", "words"):
        if not isinstance(settings.get(name, {}), dict):
            yield f"settings.{name} is no object"
            return
    most = settings.get("words", {}).get("keywords", 0)
    if not isinstance(most, int) or isinstance(most, bool):
        yield "settings.words.keywords is not a number"
    try:
        dedup_settings(manifest)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        yield f"settings.dedup are not thresholds ({told})"
    except TypeError as error:
        yield f"settings.dedup are not those of this version ({error})"


def manifest_faults(manifest: Mapping[str, Any]) -> Iterator[str]:
    """What a manifest of the right form says wrong of itself: settings, inputs, and each file once in its place."""
    if manifest.get("format") != 1:
        yield f"format is {manifest.get('format')}; this version reads 1"
    if digest(manifest["settings"]) != manifest["settings_sha256"]:
        yield "settings_sha256 is not the digest of its settings"
    inputs, listed = manifest["inputs"], manifest["inputs"]["listed"]
    if listed and inputs["sha256"] != digest(listed):
        yield "inputs.sha256 is not the digest of the inputs listed"
    if listed and (inputs["files"], inputs["n_bytes"]) != (len(listed), sum(file["n_bytes"] for file in listed)):
        yield f"inputs are said to be {inputs['files']} files of {inputs['n_bytes']} bytes, which those listed are not"
    if manifest["counts"].get("inputs", inputs["files"]) != inputs["files"]:
        yield f"counts.inputs is {manifest['counts']['inputs']}, which is not the {inputs['files']} files of inputs"
    yield from _pipeline_faults(manifest["pipeline"])
    yield from _over_faults("over", manifest.get("over"))
    if twice := [path for path, n in Counter(file["path"] for file in manifest["files"]).items() if n > 1]:
        yield f"lists {', '.join(twice)} twice"
    for file in manifest["files"]:
        folder, _, name = file["path"].partition("/")
        if folder not in {config.name for config in CONFIGS} or "/" in name:
            yield f"lists {file['path']}, which is no file of a config"
        elif (file["config"], file["split"]) != (folder, name.partition("-")[0]):
            yield f"lists {file['path']} under config {file['config']}, split {file['split']}"


def _pipeline_faults(pipeline: Mapping[str, Any]) -> Iterator[str]:
    """Digests of the code, which say which it was; what is said beside those of this code is known."""
    for name in ("code_sha256", "key_table_sha256"):
        if not _SHA256.fullmatch(pipeline[name]):
            yield f"pipeline.{name} is no SHA-256"
    if pipeline["code_sha256"] == code_digest():
        for name, value in {"version": __version__, "key_table_sha256": table_digest()}.items():
            if pipeline[name] != value:
                yield f"pipeline.{name} is {pipeline[name]}, of the code of code_sha256 it is {value}"


def _over_faults(path: str, over: Any) -> Iterator[str]:
    """The releases that a release was built over, one in another, are named and counted."""
    while over is not None:
        if faults := list(_shape_faults(path, over, {"name": str, "version": str, "logical_sha256": str})):
            yield from faults
            return
        if not _SHA256.fullmatch(over["logical_sha256"]):
            yield f"{path}.logical_sha256 is no SHA-256"
        for name in ("pages", "articles"):
            n = over.get(name)
            if n is not None and (not isinstance(n, int) or isinstance(n, bool) or n < 0):
                yield f"{path}.{name} is not how many there are"
        path, over = f"{path}.over", over.get("over")
