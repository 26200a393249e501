"""Roles by rule: on the user's own page, on small invented ones, and laws for any page."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from builder.label.copies import mark_copies
from builder.label.rules import judge_by_rule
from builder.parse.from_text import read_text
from builder.records import ROLES, Block, Head, ParsedPage

SEED = Path(__file__).parents[2] / "seeds/pages/cqnews-2020-08-01.txt"

HEADLINE = "青溪县三百座老水井重新通水"
PUBLICATION = "2022-05-18 08:30 来源：青溪日报"
LEDE = "本报讯（记者 邵一宁）5月17日，青溪县最后一座列入名录的老水井在柳巷重新通水，全县三百座老井的修复工作至此结束。"
BODY = "据县水利局介绍，修复工作历时四年，工匠先清淤，再按原来的石料补砌井壁，水质检测合格后才允许居民取用。"
MORE = "家住柳巷的赵奶奶说，井水重新上来那天，巷子里的人都端着盆出来了，比过年还热闹。"


def label_blocks(page: ParsedPage) -> None:
    """Label as `builder.label.blocks.label_blocks` does where there are no weights."""
    for block, (role, score) in zip(page.blocks, judge_by_rule(page), strict=True):
        block.role, block.score, block.origin = role, score, "rule"
    mark_copies(page.blocks)


def roles(*texts: str, head: Head | None = None) -> list[str]:
    page = ParsedPage([Block(text) for text in texts], head or Head())
    label_blocks(page)
    return [block.role for block in page.blocks]


def seed_by_line() -> dict[int, Block]:
    text = SEED.read_text(encoding="utf-8")
    page = ParsedPage(read_text(text))
    label_blocks(page)
    numbers = [number for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    return dict(zip(numbers, page.blocks, strict=True))


def test_every_line_of_the_users_page_has_its_role() -> None:
    want = {
        "title": [1, 4, 30],
        "lede": [2, 10, 36],
        "meta": [6, 32],
        "caption": [8, 34],
        "body": [12, 14, 16, 18, 38, 40, 42, 44],
        "notice": [20, 46, 48, 51, 53, 54, 55, 56, 57, 58],
        "nav": [22, 23, 24, 25, 26, 27, 28, 59],
        "related": [49, 52],
        "credit": [50],
    }
    blocks = seed_by_line()
    assert {number: block.role for number, block in blocks.items()} == {
        number: role for role, numbers in want.items() for number in numbers
    }


def test_second_copy_of_the_users_page_points_to_the_first_lines_with_its_text() -> None:
    blocks = seed_by_line()
    index = {number: position for position, number in enumerate(blocks)}
    copies = {30: 1, 34: 8, 36: 10, 38: 12, 40: 14, 42: 16, 44: 18, 46: 20}
    assert {number: block.dup_of for number, block in blocks.items() if block.dup_of is not None} == {
        later: index[first] for later, first in copies.items()
    }


def test_article_is_found_without_tags() -> None:
    assert roles("首页", "新闻", HEADLINE, PUBLICATION, LEDE, BODY, "责任编辑：苏禾", "相关阅读") == [
        *["nav", "nav", "title", "meta", "lede", "body", "credit", "related"]
    ]


def test_brief_beside_a_feed_is_the_article_that_the_head_names() -> None:
    feed = ["云岭隧道今日双向通车", "2022-05-18 07:10", BODY, "滨河公园夜间照明改造完成", "2022-05-18 06:55", MORE]
    got = roles(HEADLINE, PUBLICATION, LEDE, "编辑：苏禾", "更多新闻", *feed, head=Head(title=f"{HEADLINE}_青溪网"))
    assert got[:5] == ["title", "meta", "lede", "credit", "related"]
    assert not {"title", "lede", "body"} & set(got[5:])


def test_list_of_other_stories_inside_the_text_is_no_body() -> None:
    got = roles(HEADLINE, PUBLICATION, LEDE, "相关阅读", "云岭隧道今日双向通车", BODY, MORE, BODY, MORE)
    assert got == ["title", "meta", "lede", "related", "related", "body", "body", "body", "body"]


def test_telephone_number_in_a_sentence_is_body_and_on_its_own_line_a_notice() -> None:
    sentence = "居民发现井水浑浊，可以拨打县水利局的电话：0000-5550163，工作人员会在两小时内到场取样。"
    got = roles(HEADLINE, PUBLICATION, LEDE, sentence, MORE, "责任编辑：苏禾", "新闻热线：0000-5550100")
    assert got == ["title", "meta", "lede", "body", "body", "credit", "notice"]


def test_office_and_date_close_an_official_document() -> None:
    closing = ["青溪县人民政府办公室", "2022年5月18日"]
    assert roles("关于老水井保护的通告", "发布日期：2022-05-18", LEDE, BODY, *closing)[-2:] == ["body", "body"]


def test_summary_and_first_paragraph_are_both_lede() -> None:
    summary = "核心提示：四年时间，三百座老井，青溪县把地下的水又请了回来。"
    assert roles(HEADLINE, PUBLICATION, summary, LEDE, BODY) == ["title", "meta", "lede", "lede", "body"]


def test_interviewers_questions_are_body() -> None:
    got = roles(HEADLINE, PUBLICATION, LEDE, BODY, "记者：为什么要修老井？", MORE, BODY)
    assert "subhead" not in got


def test_original_title_is_credit_wherever_it_stands() -> None:
    assert roles(HEADLINE, PUBLICATION, "原标题：三百座老井通水了", LEDE, BODY)[2] == "credit"


def html_roles(*rows: tuple[str, str] | tuple[str, str, int]) -> list[str]:
    """Roles of lines with their tag path and the pictures above them."""
    page = ParsedPage([Block(text, tag, media=sum(media)) for text, tag, *media in rows])
    label_blocks(page)
    return [block.role for block in page.blocks]


HEAD = ((HEADLINE, "body/div.a/h1"), (PUBLICATION, "body/div.a/div.info"))
TEXT = "body/div.a/div.text/p"


def test_short_line_below_a_picture_is_its_caption() -> None:
    got = html_roles(
        *HEAD, (LEDE, TEXT), ("柳巷的老井", TEXT, 1), (BODY, TEXT), ("老井旁的石碑。", TEXT, 1), (MORE, TEXT)
    )
    assert got == ["title", "meta", "lede", "caption", "body", "caption", "body"]


def test_heading_below_a_picture_stays_a_subhead() -> None:
    for heading in (
        ("四年修三百口井", TEXT + "/strong"),
        ("一、先清淤", TEXT),
        ("四年修三百口井", TEXT + "/span.x-h3"),
    ):
        got = html_roles(*HEAD, (LEDE, TEXT), (BODY, TEXT), (*heading, 1), (MORE, TEXT))
        assert got == ["title", "meta", "lede", "body", "subhead", "body"], heading


def test_summary_in_a_box_of_its_own_leaves_the_first_paragraph_the_lede() -> None:
    summary = "四年时间，青溪县把三百座老水井修好，柳巷的老井是最后一座。"
    for box in ("body/div.a/div.introduction", "body/div.a/div.box/p"):
        got = html_roles(*HEAD, (summary, box), (LEDE, TEXT), (BODY, TEXT), (MORE, TEXT), (BODY, TEXT))
        assert got[2:5] == ["lede", "lede", "body"], box


def test_text_that_a_box_of_other_stories_parts_from_its_summary_is_found() -> None:
    box = ["相关报道", *(f"青溪日报：{place}村的老井后来怎么样了" for place in "甲乙丙丁戊己庚辛壬癸子丑寅")]
    items = [(text, "body/div#text/div.rel/dl/dd/a") for text in box]
    got = html_roles(
        *HEAD,
        ("四年时间，青溪县把三百座老水井修好。", "body/div#text/div.lead-box"),
        *items,
        *((text, "body/div#text/div.box/p") for text in (LEDE, BODY, MORE, BODY)),
    )
    assert got[2] == "lede"
    assert got[3:17] == ["related"] * 14
    assert got[17:] == ["lede", "body", "body", "body"]


def test_deck_in_an_element_that_is_named_so_is_no_lede() -> None:
    deck = "四年里工匠清淤、补石、验水，没有人知道最后一口井还能不能出水。"
    assert html_roles(
        (HEADLINE, "body/header/h1"), (deck, "body/header/p.dek"), (LEDE, "body/article/p"), (BODY, "body/article/p")
    ) == ["title", "subtitle", "lede", "body"]


def test_headline_of_a_newspaper_page_is_told_by_its_cell_through_bold_type() -> None:
    cell = "body/table/tbody/tr/td"
    assert html_roles(
        ("四年修了三百口井", f"{cell}.yt/span"),
        (HEADLINE, f"{cell}.bt1/strong"),
        ("最后一口在柳巷出水", f"{cell}.ft"),
        (LEDE, f"{cell}#ozoom/p"),
        (BODY, f"{cell}#ozoom/p"),
    ) == ["subtitle", "title", "subtitle", "lede", "body"]


def test_every_line_of_a_wechat_post_is_its_text() -> None:
    post = "body/div#js_article/div#js_content.rich_media_content/section/p"
    lines = ["青溪的街坊们", "等了四年的消息来了", "明天上午九点", "柳巷老井恢复通水", "井壁还是原来的青石"]
    got = html_roles((HEADLINE, "body/div#js_article/h1#activity-name"), *((line, post) for line in lines))
    assert got[0] == "title"
    assert set(got[1:]) <= {"lede", "body", "subhead"}


def test_pictures_of_a_gallery_in_the_text_have_captions() -> None:
    text = "body/div.main/div#text"
    assert html_roles(
        (HEADLINE, "body/div.main/h1"),
        (LEDE, f"{text}/p"),
        ("第一步是清淤，要趁枯水的冬天。", f"{text}/ul.pic-list/li/p", 1),
        ("石料按原来的位置补砌。", f"{text}/ul.pic-list/li/p", 1),
        (BODY, f"{text}/p"),
        (MORE, f"{text}/p"),
    ) == ["title", "lede", "caption", "caption", "body", "body"]


def test_files_that_go_with_a_notice_are_its_body() -> None:
    text = "body/div.main/div#text"
    got = html_roles(
        (HEADLINE, "body/div.main/h1"),
        (LEDE, f"{text}/p"),
        (BODY, f"{text}/p"),
        ("附件：1. 老井名录.xlsx", f"{text}/p/a"),
        (MORE, f"{text}/p"),
    )
    assert got == ["title", "lede", "body", "body", "body"]


def test_table_in_the_text_is_body_and_a_ticker_put_there_nav() -> None:
    cell = "body/div.a/div.text/{}table/tbody/tr/td"
    rows = [("柳巷", cell.format("")), ("12口", cell.format("")), ("青溪水务", cell.format("div.stock-box/"))]
    assert html_roles(*HEAD, (LEDE, TEXT), (BODY, TEXT), *rows, (MORE, TEXT))[4:] == ["body", "body", "nav", "body"]


def test_quotation_and_text_of_a_channel_for_stocks_are_body() -> None:
    quoted = html_roles(*HEAD, (LEDE, TEXT), (BODY, TEXT), (MORE, "body/div.a/div.text/blockquote/p"), (BODY, TEXT))
    assert quoted[2:] == ["lede", "body", "body", "body"]
    channel = "body/div.a/div.stock-text/p"
    assert html_roles(*HEAD, *((text, channel) for text in (LEDE, BODY, MORE)))[2:] == ["lede", "body", "body"]


def test_sentence_above_a_dateline_is_a_caption() -> None:
    for dateline in ("本报讯（记者 邵一宁）", "新华社青溪5月18日电 ", "（中央社記者邵一寧青溪18日電）"):
        text = (f"{dateline}{LEDE}", BODY, MORE)
        assert roles(HEADLINE, PUBLICATION, "工人用滚木把井栏抬上岸。", *text)[2:] == [
            "caption",
            "lede",
            "body",
            "body",
        ]


def test_promotion_above_the_text_is_a_notice() -> None:
    promotion = "年度城市人物评选火热进行中，快来为你喜爱的候选人投上一票，还有千元大奖等你拿！"
    assert roles(HEADLINE, PUBLICATION, promotion, LEDE, BODY, MORE) == [
        *("title", "meta", "notice", "lede", "body", "body")
    ]


def test_addressees_and_number_of_a_document_are_body_above_its_lede() -> None:
    head = "青政发〔2022〕18号", "各乡镇人民政府，县府各部门："
    assert roles("关于老水井保护的通告", "发布日期：2022-05-18", *head, LEDE, BODY)[2:] == [
        "body",
        "body",
        "lede",
        "body",
    ]


def test_switch_of_the_font_size_below_the_publication_line_is_meta_and_among_share_buttons_nav() -> None:
    switch = ("字号", "超大", "大", "标准", "小")
    assert roles(HEADLINE, PUBLICATION, *switch, LEDE, BODY)[1:7] == ["meta"] * 6
    assert roles(HEADLINE, PUBLICATION, "缩小字体 放大字体 收藏 微博 微信 分享", LEDE, BODY)[2] == "nav"


def test_headline_that_opens_as_a_credit_does_is_the_headline_that_the_head_names() -> None:
    headline = "视频丨三百座老水井在青溪重新通水"
    assert roles("首页", headline, PUBLICATION, LEDE, BODY, head=Head(title=headline))[1] == "title"


def test_headline_of_a_dump_is_found_above_its_text_though_comments_have_dates_below_them() -> None:
    talk = [line for i in range(12) for line in (f"井水真甜啊，我家{i}口人都爱喝", f"2022-05-18 1{i % 10}:20:00")]
    got = roles("首页", HEADLINE, "分享到：", "9 23", PUBLICATION, LEDE, BODY, MORE, BODY, "网友评论", *talk)
    assert got[1] == "title"
    assert got[5:9] == ["lede", "body", "body", "body"]


def test_subhead_does_not_pass_for_the_headline() -> None:
    subhead, byline = "三百座老水井修了四年", "青溪日报记者 邵一宁"
    got = roles(f"{HEADLINE} {subhead}", PUBLICATION, LEDE, BODY, MORE, subhead, byline, BODY, MORE)
    assert [i for i, role in enumerate(got) if role == "title"] == [0]


def test_who_signs_in_brackets_below_the_text_is_credit() -> None:
    assert roles(HEADLINE, PUBLICATION, LEDE, BODY, "（邵一宁）")[-1] == "credit"


def test_hub_has_no_article() -> None:
    stories = ["云岭隧道今日双向通车", "滨河公园夜间照明改造完成", "青溪三中迎来建校百年", "县医院新增夜间门诊"]
    got = roles("首页", "新闻", "财经", "要闻推荐", *stories, "版权所有 青溪网")
    assert set(got) == {"nav", "related", "notice"}


def test_error_page_has_no_article() -> None:
    assert not {"title", "lede", "body"} & set(roles("404", "您访问的页面不存在", "返回首页"))


def test_comments_are_told_from_the_empty_comment_form() -> None:
    article = [HEADLINE, PUBLICATION, LEDE, BODY, "责任编辑：苏禾"]
    said = ["网友评论", "柳巷老住户", "小时候就喝这口井的水，真甜。", "2小时前 回复"]
    assert roles(*article, *said)[5:] == ["comment"] * 4
    assert "comment" not in roles(*article, "网友评论", "登录后发表评论", "版权所有 青溪网")


FAMILIAR = st.sampled_from([HEADLINE, PUBLICATION, LEDE, BODY, MORE, "首页", "相关阅读", "责任编辑：苏禾", "1/5"])


@given(st.lists(st.one_of(FAMILIAR, st.text(min_size=1, max_size=60)), min_size=1, max_size=30))
def test_every_block_gets_a_role_and_keeps_its_text(texts: list[str]) -> None:
    page = ParsedPage([Block(text) for text in texts])
    label_blocks(page)
    assert [block.text for block in page.blocks] == texts
    for i, block in enumerate(page.blocks):
        assert block.role in ROLES
        assert 0 <= block.score <= 1
        assert block.origin == "rule"
        assert block.dup_of is None or block.dup_of < i


@given(st.lists(FAMILIAR, min_size=1, max_size=20))
def test_labelling_twice_changes_nothing(texts: list[str]) -> None:
    page = ParsedPage([Block(text) for text in texts])
    label_blocks(page)
    once = [(block.role, block.score, block.dup_of) for block in page.blocks]
    label_blocks(page)
    assert [(block.role, block.score, block.dup_of) for block in page.blocks] == once
