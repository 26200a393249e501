import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.articles.titles import find_subtitle, find_title, without_media_marker, without_site
from builder.records import Block, Head

TITLE = "60万“账号”外泄? 官方辟谣称消息不实"


def blocks(*texts: str) -> list[Block]:
    return [Block(text, role="title") for text in texts]


def test_sticky_bar_and_window_title_yield_to_the_headline() -> None:
    assert find_title(blocks(f"正在阅读：{TITLE}", TITLE, f"{TITLE}-临江网"), Head()) == TITLE


def test_title_cut_at_a_quote_in_the_head_loses() -> None:
    assert find_title(blocks(TITLE), Head(headline="60万", title=f"{TITLE}_临江网")) == TITLE


def test_title_narrowed_by_an_ellipsis_loses() -> None:
    assert find_title(blocks("60万“账号”外泄? 官方…", TITLE), Head()) == TITLE


def test_displayed_title_beats_the_one_for_search_engines() -> None:
    assert find_title(blocks("最后的摆渡班"), Head(title="岚亭渡口停航前的一天_岚亭网")) == "最后的摆渡班"


def test_head_gives_the_title_when_no_block_does() -> None:
    assert find_title([], Head(title="古渡桥修缮完工_临江新闻_临江在线")) == "古渡桥修缮完工"
    assert find_title([], Head()) is None


def test_title_over_two_lines_is_joined_when_the_head_says_so() -> None:
    head = Head(headline="打好组合拳 推进空间大清朗")
    assert find_title(blocks("打好组合拳", "推进空间大清朗"), head) == "打好组合拳 推进空间大清朗"


def test_block_with_another_role_is_found_by_the_head() -> None:
    page = [Block(TITLE, role="nav"), Block("相关：临江下雪了", role="title")]
    assert find_title(page, Head(headline=TITLE, title=f"{TITLE}_临江网")) == TITLE


def test_hyphen_within_a_title_stays() -> None:
    assert without_site("山西-巴西双向推介会举办") == "山西-巴西双向推介会举办"
    assert without_site("古渡桥修缮完工-临江网") == "古渡桥修缮完工"


def test_names_of_site_go_whatever_stands_between_them() -> None:
    title = f"{TITLE}——临江频道_临江网_民生_最新资讯 | 临江日报官方网站"
    assert without_site(title) == TITLE
    assert without_site(f"{TITLE} | 临江新闻 - 社会 - 临江网手机版") == TITLE


def test_subtitles_are_joined_once() -> None:
    page = [Block(t, role="subtitle") for t in ("探秘石盐沟", "——钻机打到2617米之后", "探秘石盐沟")]
    assert find_subtitle(page, "一粒盐里的三亿年") == "探秘石盐沟 ——钻机打到2617米之后"
    assert find_subtitle([], "一粒盐里的三亿年") is None


def test_number_of_the_page_is_no_subtitle() -> None:
    assert find_subtitle([Block("01002002013000", role="subtitle")], "一粒盐里的三亿年") is None


@pytest.mark.parametrize(
    "title", ["[视频]古渡桥放行", "【组图】古渡桥放行", "［直播］ 古渡桥放行", "[图文][视频]古渡桥放行"]
)
def test_media_marker_before_the_headline_is_no_part_of_it(title: str) -> None:
    assert find_title(blocks(title), Head()) == "古渡桥放行"
    assert find_title([], Head(title=f"{title}_临江网")) == "古渡桥放行"
    assert find_title([Block(title, role="nav")], Head(headline="古渡桥放行")) == "古渡桥放行"


@pytest.mark.parametrize(
    "title",
    [
        "【临江快评】古渡桥放行",
        "【直播间的生意】古渡桥放行",
        "“视频”里的古渡桥",
        "古渡桥放行[视频]",
        "视频平台整改",
        "[视频]",
    ],
)
def test_column_or_word_of_the_headline_stays(title: str) -> None:
    assert without_media_marker(title) == title
    assert find_title(blocks(title), Head()) == title


@pytest.mark.parametrize(
    "ending",
    [
        " - 石麓 News 中文".replace("石麓", "SLC"),
        " | 社会 | 石麓晚报",
        " | 石麓社 SLA",
        " - SLI - 石麓国际广播电台",
        " – SLW – 2021年3月5日",
        " • 石麓新闻",
        " | 石麓網：最懂你的新聞",
        "_社会频道_石麓网",
    ],
)
def test_names_of_overseas_sites_are_cut(ending: str) -> None:
    assert without_site(f"古渡桥修缮完工{ending}") == "古渡桥修缮完工"


def test_name_of_the_site_as_h1_is_no_title() -> None:
    blocks = [Block("石麓在线", role="title", tag="body/h1")]
    head = Head(title="古渡桥修缮完工，今日放行 - 石麓在线", headline="古渡桥修缮完工，今日放行", site_name="石麓在线")
    assert find_title(blocks, head) == "古渡桥修缮完工，今日放行"
    assert find_title(blocks, Head(title="古渡桥修缮完工，今日放行 - 石麓在线")) == "古渡桥修缮完工，今日放行"


@given(
    st.lists(
        st.sampled_from(["“", "”", "桥", "-", " - ", "｜", "通车", "—", "、", "《", "》"]), min_size=1, max_size=12
    )
)
def test_title_is_never_cut_inside_a_quote(parts: list[str]) -> None:
    title = "“" + "".join(part for part in parts if part not in "“”").strip() + "桥”通车"
    assert without_site(f"{title} - 石麓日报", "石麓日报") == title
    assert without_site(f"{title}_石麓网") == title
    assert find_title([Block(title, role="title")], Head(title=f"{title}_石麓网", headline=title[:4])) == title
