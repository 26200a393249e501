"""What several folders of tests share: the command line as a user runs it, and small pages to build from."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Zhnews = Callable[..., "subprocess.CompletedProcess[str]"]

ARTICLE = """\
<!doctype html><html><head><meta charset="utf-8"><title>{title}_临江晚报</title></head><body>
<div class="nav"><a href="/">首页</a> <a href="/news">新闻</a> <a href="/sports">体育</a></div>
<h1>{title}</h1>
<div class="info">{date} 08:00 来源：临江晚报</div>
<div class="content">
<p>本报讯（记者 林一舟）{lede}</p>
<p>据介绍，工程历时三年，高峰时有六百多名工人同时施工，所用构件全部在本地预制。{extra}</p>
<p>市交通局负责人说，通车后将连续三个月监测车流，并根据市民意见调整周边路口的信号配时。</p>
</div>
<div class="editor">责任编辑：苏禾</div>
<div class="footer">版权所有 临江晚报社 未经授权不得转载</div></body></html>
"""

LEDES = (
    "5月1日上午，临江新桥正式通车，两岸居民过江的时间从四十分钟缩短到八分钟，沿线公交同步调整线路。",
    "6月2日，临江港三号泊位开港，首批四百标准箱的货物当天装船，港口年吞吐能力增加五十万吨。",
    "7月3日，临江博物馆新馆向公众开放，展出近年考古发掘的三百余件陶器，其中六成是第一次展出。",
    "8月4日，临江高铁站东广场启用，旅客换乘地铁的步行距离由六百米缩短为一百二十米，并增设母婴室。",
)


def article(number: int, *, extra: str = "") -> str:
    """Return an HTML page with one article, another for each number."""
    lede = LEDES[number % len(LEDES)].replace("临江", "临江云溪望海青石"[2 * (number // 4 % 4) :][:2])
    title = lede.split("，")[1] + ("" if number < 16 else f"（{number}）")
    return ARTICLE.format(title=title, date=f"2024-05-{number % 28 + 1:02}", lede=lede, extra=extra)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with twelve articles, an exact copy, a hub and an empty page."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.html").write_text(article(number), "utf-8")
    (folder / "copy.html").write_text(article(0).replace("临江晚报", "望海日报"), "utf-8")
    links = "".join(f'<li><a href="/{n}.html">{LEDES[n % 4][5:18]}</a></li>' for n in range(20))
    (folder / "hub.html").write_text(f"<title>临江网首页</title><body><ul>{links}</ul>", "utf-8")
    (folder / "empty.html").write_text("<html><body><script>var a = 1;</script></body></html>", "utf-8")
    return folder


@pytest.fixture
def zhnews(tmp_path: Path) -> Zhnews:
    """Run `zhnews` as a user does, in an empty folder, without a terminal."""

    def run(*args: object, stdin: str = "", cwd: Path = tmp_path) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "builder.cli", *map(str, args)]
        return subprocess.run(command, input=stdin, capture_output=True, encoding="utf-8", cwd=cwd, check=False)

    return run
