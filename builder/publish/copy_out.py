"""
A release to a folder of an object store or another file system, named by URI.

Files are sent one by one, manifest.json last: where that stands, the release is whole. The same command goes on after
an interruption; what is there with the same bytes is not sent again. A release that is there is never changed.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from builder.errors import BuilderError
from builder.publish.push import Upload
from builder.read.remote import open_filesystem
from builder.tables import file_sha256

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

LAST = "manifest.json"
_STEP_BYTES = 8 << 20  # an object store takes parts of 5 MiB at least


def copy_out(folder: Path, upload: Upload) -> int:
    """
    Send a release to the folder that `upload.to` names; return how many files were sent.

    The release is not verified here: `zhnews push` does so first.

    Raises:
        SettingsError: nothing knows the URI.
        BuilderError: another release is there, or the file system refuses; its own words are in the message.
    """
    from pyarrow.fs import FileType

    filesystem, root = open_filesystem(upload.to)
    try:
        whole = filesystem.get_file_info(f"{root}/{LAST}").type is FileType.File
        if whole and not _there(filesystem, f"{root}/{LAST}", folder / LAST):
            raise BuilderError(f"{upload.to} holds another release of that name; give the new one another version")
        sent = 0
        for name in sorted(upload.files, key=lambda name: (name == LAST, name)):
            if not _there(filesystem, f"{root}/{name}", folder / name):
                _send(filesystem, folder / name, f"{root}/{name}")
                sent += 1
    except OSError as error:
        told = " ".join(str(error).split())
        raise BuilderError(f"{upload.to}: {told}; the release there is not whole; the same command goes on") from None
    return sent


def _send(filesystem: "FileSystem", source: Path, target: str) -> None:
    try:
        sink = filesystem.open_output_stream(target, compression=None)
    except FileNotFoundError:  # a file system that has folders
        filesystem.create_dir(target.rpartition("/")[0], recursive=True)
        sink = filesystem.open_output_stream(target, compression=None)
    with source.open("rb") as file, sink:
        while part := file.read(_STEP_BYTES):
            sink.write(part)


def _there(filesystem: "FileSystem", target: str, source: Path) -> bool:
    """True when the target holds the bytes of the source."""
    if filesystem.get_file_info(target).size != source.stat().st_size:
        return False
    digest = hashlib.sha256()
    with filesystem.open_input_stream(target, compression=None) as stream:
        while part := stream.read(_STEP_BYTES):
            digest.update(part)
    return digest.hexdigest() == file_sha256(source)
