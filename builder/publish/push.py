"""
A release to the Hugging Face Hub, in one commit: a reader there finds the old release, or the new one.

The same command goes on after an interruption: files that the Hub already holds by their hash are not sent again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from builder.errors import BuilderError, SettingsError
from builder.publish.documents import read_json
from builder.publish.features import CONFIGS
from builder.read.remote import is_uri, split_options

_REPO = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")

#: What releases put into a repository; what matches and is not in this release is of an earlier one, and goes.
OURS = (*(f"{config.name}/*.parquet" for config in CONFIGS), "pictures/*.svg")


@dataclass(frozen=True, slots=True)
class Upload:
    """What would go where, a repository or a URI: the bytes of each file by its path, and the message of the commit."""

    to: str
    files: Mapping[str, int]
    message: str

    @property
    def n_bytes(self) -> int:
        """Bytes in all."""
        return sum(self.files.values())


def plan_upload(folder: Path, to: str) -> Upload:
    """
    Return what a push of the release would send; nothing is asked of any host.

    Below a URI the release is a folder of its own, with the name that it has here.

    Hidden files stay here, as do folders of them: `.git`, `.cache`.

    Raises:
        SettingsError: `to` is neither of the form OWNER/NAME nor a URI.
        BuilderError: the folder is no release.
    """
    if is_uri(to):
        address, options = split_options(to)
        to = f"{address.rstrip('/')}/{folder.resolve().name}{options}"
    elif not _REPO.fullmatch(to):
        raise SettingsError(
            f"'{to}' is no repository of the Hub; write OWNER/NAME, or a URI such as s3://bucket/folder"
        )
    manifest = read_json(folder, "manifest.json")
    paths = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    shown = {place: path for place, path in paths.items() if not any(part.startswith(".") for part in place.parts)}
    sizes = {place.as_posix(): path.stat().st_size for place, path in shown.items()}
    return Upload(to, sizes, f"{manifest['name']} {manifest['version']}")


def push(folder: Path, upload: Upload, *, progress: bool = True) -> str:
    """
    Send a release, making the repository when there is none; return the address of the commit.

    The release is not verified here: `zhnews push` does so first.

    Raises:
        SettingsError: huggingface_hub is not installed.
        BuilderError: the Hub refused, or cannot be reached; its own words are in the message.
    """
    try:
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
        from huggingface_hub.errors import HTTPError  # of whatever client it uses, and what the Hub answers
        from huggingface_hub.utils import disable_progress_bars
    except ImportError:
        raise SettingsError("push needs huggingface_hub; run: pip install 'zhnews-builder[hub]'") from None
    if not progress:
        disable_progress_bars()
    api, repo = HfApi(library_name="zhnews-builder"), upload.to
    try:
        api.create_repo(repo, repo_type="dataset", exist_ok=True)
        there = api.list_repo_files(repo, repo_type="dataset")
        stale = [name for name in there if name not in upload.files and any(fnmatch(name, own) for own in OURS)]
        commit = api.create_commit(
            repo_id=repo,
            repo_type="dataset",
            operations=[
                *(CommitOperationAdd(path_in_repo=name, path_or_fileobj=folder / name) for name in upload.files),
                *(CommitOperationDelete(path_in_repo=name) for name in stale),
            ],
            commit_message=upload.message,
        )
    except (HTTPError, OSError, RuntimeError, ValueError) as error:
        told = " ".join(str(error).split())
        raise BuilderError(f"{repo}: {told}; no commit was made; the same command goes on") from None
    return commit.commit_url
