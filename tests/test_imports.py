"""Imports point one way: records, schemas, errors ← steps ← pipeline ← command line and review."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "builder"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))

SPINE = {
    *("builder", "builder.records", "builder.schemas", "builder.errors", "builder.tables", "builder.start"),
    "builder.apart",
}
ENGINES = {"builder.engines.embedded", "builder.engines.on_ray"}
TOP = {"builder.pipeline", "builder.build_command", "builder.commands", "builder.release_commands", "builder.cli"}


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "builder":
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_module = (PACKAGE.parent / inner.replace(".", "/")).with_suffix(".py").is_file()
                yield inner if is_module else str(node.module)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "builder")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    name, imports = name_of(path), set(imported(path))
    if name in SPINE:
        assert imports <= SPINE
    if name not in TOP:
        assert not imports & TOP
        assert not imports & ENGINES or name.startswith("builder.engines")
    if name.startswith("builder.engines"):
        assert {name for name in imports if not name.startswith("builder.engines")} <= SPINE
    if name.startswith("builder.review"):
        assert "builder.pipeline" not in imports


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_is_much_over_400_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 420


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from builder.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'pyarrow', 'datasets', 'jieba', 'numpy', 'pydantic', 'rich', 'selectolax', 'fastwarc'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=True)
    assert "Usage: " in done.stdout
    assert done.stderr.strip() == "[]"


def test_the_server_of_the_review_page_is_small() -> None:
    code = "import sys, builder.review.serve; print({'pyarrow', 'pandas', 'pydantic', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_labelling_a_page_needs_no_tables() -> None:
    code = "import sys, builder.commands, builder.pages; print({'pyarrow', 'pandas', 'pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_build_and_verify_import_no_pandas(pages: Path, tmp_path: Path) -> None:
    for arguments in (["build", pages.name, "-o", "out", "-j", "1", "-q"], ["verify", "out/zhnews-0.1.0"]):
        code = (
            f"import sys; sys.argv = ['zhnews', *{arguments}]; from builder.cli import main\n"
            "try: main()\n"
            "except SystemExit as done: print(done.code, 'pandas' in sys.modules, file=sys.stderr)"
        )
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
        assert run.stderr.splitlines()[-1] == "0 False"
