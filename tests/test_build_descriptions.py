"""The description in the head of a page: published, and left out where it speaks of the site."""

import re
from pathlib import Path

import pyarrow as pa

from tests.conftest import Zhnews, article
from tests.publish.mutations import write_rows
from tests.test_build_over import rows

SLOGAN = "临江网是本市权威的综合门户，提供新闻、政务、服务等栏目，欢迎访问。"
OWN = "据介绍，新桥的构件全部在本地预制，高峰时有六百多名工人施工。"


def with_description(number: int, text: str) -> str:
    return article(number).replace("<head>", f'<head><meta name="description" content="{text}">')


def test_a_description_that_several_articles_share_is_left_out_and_another_is_the_summary(
    tmp_path: Path, zhnews: Zhnews
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number, text in enumerate((OWN, SLOGAN, SLOGAN, "联系电话13812345678，两家医院开通了便民热线，市民可以咨询。")):
        (pages / f"{number}.html").write_text(with_description(number, text), "utf-8")
    (pages / "copy.html").write_text(with_description(0, OWN).replace("临江晚报", "望海日报"), "utf-8")
    assert zhnews("build", pages, "-o", "out", "-j", 1, "-q").returncode == 0
    release = tmp_path / "out" / "zhnews-0.1.0"
    found = {row["source"]: row["description"] for row in rows(release, "articles")}
    (first,) = {source for source in found if re.search("0|copy", source)}
    assert found[first] == OWN
    assert found["pages/1.html"] is found["pages/2.html"] is None
    assert found["pages/3.html"] == "联系电话<MOBILE>，两家医院开通了便民热线，市民可以咨询。"
    summaries = {row["summary"]: row["summary_origin"] for row in rows(release, "summarization")}
    assert {summary for summary, origin in summaries.items() if origin == "head"} == {OWN}
    assert zhnews("verify", release).returncode == 0

    for path in (release / "articles").iterdir():
        write_rows(release, f"articles/{path.name}", all_alike)
    done = zhnews("verify", release)
    assert done.returncode == 4
    assert "description stands in another article too" in done.stdout


def all_alike(table: pa.Table) -> pa.Table:
    texts = pa.array([SLOGAN] * table.num_rows, pa.string())
    return table.set_column(table.column_names.index("description"), "description", texts)
