#!/usr/bin/env python3
"""
The same bytes from several Pythons: the seed dataset is built by each, with one set of packages, and compared.

    python tests/benchmarks/pythons.py PYTHON… [--work DIR]

Each PYTHON gets an environment of its own under DIR with the versions that this one has; wheels come from the package
index. Also compared: `-j 2` with `-j 1`. Exit code 1 when a file differs.
"""

import argparse
import filecmp
import os
import subprocess
import sys
import tempfile
from importlib.metadata import requires, version
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def pinned() -> list[str]:
    """Return what the program needs, and rjieba, at the versions installed here."""
    needed = [Requirement(line) for line in requires("zhnews-builder") or []]
    names = [each.name for each in needed if not each.marker or each.marker.evaluate({"extra": "fast"})]
    return [f"{name}=={version(name)}" for name in names]


def environment(python: str, folder: Path) -> Path:
    """Make an environment with the packages of this one; return its Python."""
    subprocess.run([python, "-m", "venv", folder], check=True)
    made = folder / "bin" / "python"
    pip = [made, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pinned()]
    subprocess.run(pip, check=True)
    return made


def build(python: Path, out: Path, jobs: int = 1) -> Path:
    """Build the seed dataset; return the release."""
    command = [python, "-m", "builder.cli", "build", ROOT / "seeds/dataset.toml", "-o", out, "-j", str(jobs), "-q"]
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL)
    (release,) = out.glob("zhnews-seed-*")
    return release


def differences(left: Path, right: Path) -> tuple[int, list[str]]:
    """Return how many files the two have, and the names of those that differ or are on one side only."""
    names = {path.relative_to(side).as_posix() for side in (left, right) for path in side.rglob("*") if path.is_file()}
    _, other, missing = filecmp.cmpfiles(left, right, names, shallow=False)
    return len(names), sorted([*other, *missing])


def main() -> int:
    """Print a line a build."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python", nargs="*")
    parser.add_argument("--work", type=Path)
    args = parser.parse_args()
    work = args.work or Path(tempfile.mkdtemp(prefix="zhnews-pythons-"))
    here = Path(sys.executable)
    first = build(here, work / "here")
    print(f"built by Python {sys.version.split()[0]}, -j 1")
    others = {"this Python, -j 2": build(here, work / "jobs", jobs=2)}
    for number, python in enumerate(args.python):
        made = environment(python, work / f"env{number}")
        told = subprocess.run([made, "--version"], check=True, capture_output=True, text=True).stdout.strip()
        others[f"{told}, -j 1"] = build(made, work / f"out{number}")
    failed = False
    for name, release in others.items():
        n_files, differ = differences(first, release)
        failed |= bool(differ)
        print(f"{name}: {', '.join(differ)} differ" if differ else f"{name}: all {n_files} files the same to the byte")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
