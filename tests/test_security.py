"""What SECURITY.md promises of the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "builder"
MODULES = sorted(PACKAGE.rglob("*.py"))

RUNS_DATA = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}
TALKS = {
    "requests",
    "httpx",
    "urllib.request",
    "http.client",
    "ftplib",
    "smtplib",
    "aiohttp",
    "huggingface_hub",
    "socket",
    "fsspec",
}
# Who may talk, and to whom: the Hub when asked to push, a cluster when asked for one, the people who review, and the
# store that a URI names.
TALKERS = {"publish/push.py", "engines/on_ray.py", "review/serve.py", "read/remote.py"}


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_code_comes_out_of_data_and_nothing_talks_unasked(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    found, called = set(imports(tree)), set(calls(tree))
    assert not found & RUNS_DATA
    assert not called & {"eval", "exec", "compile", "yaml.load", "yaml.unsafe_load", "os.system", "pd.read_pickle"}
    assert "allow_pickle=True" not in path.read_text("utf-8")
    if path.relative_to(PACKAGE).as_posix() not in TALKERS:
        assert not found & TALKS
