"""
What the package ships beside its code (the labeller's weights, tables of keys and words), read only as it was shipped.

A folder of such files holds `SHA256SUMS`, in the form of `sha256sum`, so that `sha256sum -c SHA256SUMS` says the same.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from builder.errors import BuilderError

SUMS = "SHA256SUMS"


def read_shipped(path: Path) -> bytes:
    """
    Return the bytes of a shipped file.

    Raises:
        BuilderError: they are not the bytes that SHA256SUMS in the same folder names, or it names none.
    """
    raw = path.read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    stated = _stated(path)
    if found != stated:
        wrong = "is not in" if stated is None else f"has sha256 {found[:16]}…, not {stated[:16]}… of"
        raise BuilderError(
            f"{path} {wrong} {SUMS} beside it: it is damaged, or not ours. Install the package again; "
            f"if you put it there, run `sha256sum {path.name}` in its folder and put the line into {SUMS}"
        )
    return raw


def note_digests(folder: Path, names: Sequence[str]) -> None:
    """Write SHA256SUMS of a folder; lines of files that are not named stay."""
    sums = folder / SUMS
    lines = sums.read_text("utf-8").splitlines() if sums.exists() else []
    kept = [line for line in lines if line.partition("  ")[2] not in names]
    new = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}" for name in names]
    sums.write_text("".join(f"{line}\n" for line in sorted(kept + new, key=lambda line: line.partition("  ")[2])))


def _stated(path: Path) -> str | None:
    """Digest that SHA256SUMS states of a file, None when it states none."""
    try:
        lines = path.with_name(SUMS).read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return None
    return next((line.partition("  ")[0] for line in lines if line.partition("  ")[2] == path.name), None)
