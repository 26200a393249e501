"""Checks of an installation: what a build needs, found or not, in one line each."""

import importlib.metadata
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from builder import __version__

#: What the package cannot run without, by distribution name.
REQUIRED = (
    "pyarrow",
    "pandas",
    "datasets",
    "jieba",
    "selectolax",
    "fastwarc",
    "zstandard",
    "pydantic",
    "click",
    "rich",
    "numpy",
)

# Below this a build of any size stops with a full disk or a killed worker.
MIN_FREE_BYTES = 1 << 30

TRIAL_PAGE = """<!doctype html><meta charset=utf-8><title>临江新桥今日通车_临江晚报</title>
<h1>临江新桥今日通车</h1><p>2024-05-01 08:00 来源：临江晚报</p>
<p>本报讯（记者 林一舟）5月1日上午，临江新桥正式通车，两岸居民过江的时间从四十分钟缩短到八分钟。</p>
<p>据介绍，大桥全长一千二百米，双向六车道，历时三年建成，设有独立的步行道和自行车道。</p>
<p>责任编辑：苏禾</p><p>版权所有 临江晚报社 未经授权不得转载</p>
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    ok: bool
    found: str


def examine() -> list[Finding]:
    """Look at everything a build needs; nothing is changed."""
    findings = [
        Finding("zhnews", True, __version__),
        Finding("python", sys.version_info >= (3, 11), sys.version.split()[0]),
        *(_package(name) for name in REQUIRED),
        _free_space(),
        Finding("cores", True, str(os.cpu_count())),
    ]
    if all(finding.ok for finding in findings):
        findings.append(_trial_page())
    return findings


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, False, f"not installed; run: pip install {name}")


def _free_space() -> Finding:
    free = shutil.disk_usage(Path.cwd()).free
    return Finding("disk", free >= MIN_FREE_BYTES, f"{free / (1 << 30):.1f} GiB free here")


def _trial_page() -> Finding:
    """Label one small page from end to end."""
    from builder.pages import label_page
    from builder.read import ReadSettings, find_inputs, read_input
    from builder.records import Page

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_text(TRIAL_PAGE, "utf-8")
        (item,) = (page for i in find_inputs([str(path)], Path(folder)) for page in read_input(i, ReadSettings()))
    article = label_page(item).article if isinstance(item, Page) else None
    if article is None or article.title != "临江新桥今日通车" or len(article.lede + article.body) != 2:
        return Finding("trial page", False, "the trial page was not labelled as it should be; reinstall the package")
    return Finding("trial page", True, f"labelled: {article.title}")
