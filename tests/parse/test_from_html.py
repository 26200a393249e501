"""The visible lines of an HTML page: where they end, what is around them, and what breaks other parsers."""

import pytest

from builder.parse.from_html import parse_tree, read_html
from builder.records import Block


def blocks(html: str) -> list[Block]:
    return read_html(parse_tree(html))


def texts(html: str) -> list[str]:
    return [block.text for block in blocks(html)]


def test_br_ends_a_line() -> None:
    html = "<div>　　临江新桥通车。<br><br/>　　两岸居民受益。<BR>完</div>"
    assert texts(html) == ["临江新桥通车。", "两岸居民受益。", "完"]


def test_inline_elements_do_not_end_a_line() -> None:
    html = "<p>据<a href=/x>临江<b>晚报</b></a>报道，<span>新桥</span><font color=red>今日</font>通车。</p>"
    assert texts(html) == ["据临江晚报报道，新桥今日通车。"]


def test_white_space_between_inline_elements_separates_words() -> None:
    assert texts("<div><a href=/>首页</a>\n  <a href=/n>新闻</a><!-- 体育 --></div>") == ["首页 新闻"]


def test_text_around_a_block_stands_on_lines_of_its_own() -> None:
    assert texts("<div>前<p>中</p>后</div>尾") == ["前", "中", "后", "尾"]


def test_each_cell_of_nested_tables_is_a_line() -> None:
    html = "<table><tr><td>区县<td>产值</tr><tr><td>临江<td><table><tr><td>12亿<td>+3%</table></td></tr></table>"
    assert texts(html) == ["区县", "产值", "临江", "12亿", "+3%"]


def test_controls_of_a_form_are_lines() -> None:
    html = "<select><option>全国<option>临江</select><button>登录</button><textarea>写下\n评论</textarea>"
    assert texts(html) == ["全国", "临江", "登录", "写下 评论"]


def test_a_newline_ends_a_line_of_preformatted_text_only() -> None:
    assert texts("<pre>第一行\n  第<b>二\n行</b>\n\n完</pre><p>临江\n新桥</p>") == [
        "第一行",
        "第二",
        "行",
        "完",
        "临江 新桥",
    ]


def test_code_data_and_stand_ins_are_not_visible() -> None:
    html = (
        "<head><title>临江晚报</title><style>p{}</style></head><body><script>'<p>广告</p>'</script><p>正文</p>"
        "<noscript>请启用脚本</noscript><template><p>模板</p></template><!-- 注释 --><iframe>框</iframe>"
        "<object>插件</object><svg><text>图</text></svg></body>"
    )
    assert texts(html) == ["正文"]


def test_entities_and_traditional_chinese_come_out_as_text() -> None:
    html = (
        "<p>臺北&nbsp;&nbsp;訊&#12288;&ldquo;臨江&rdquo;大橋&mdash;&mdash;&#x901a;車 &lt;圖&gt; &amp;amp; &unknown;</p>"
    )
    assert texts(html) == ["臺北 訊 “臨江”大橋——通車 <圖> &amp; &unknown;"]


def test_a_hidden_container_is_kept_and_marked() -> None:
    html = (
        '<div id="js_content" style="VISIBILITY : hidden; opacity: 0"><p>临江新桥通车。</p></div>'
        '<div style="color:red;display:none">浮层</div><p hidden>备用</p>'
        '<p style="backface-visibility:hidden">正面</p><p aria-hidden="true">图标</p><p>可见<i hidden>不可见</i></p>'
    )
    assert [(block.text, block.hidden) for block in blocks(html)] == [
        ("临江新桥通车。", True),
        ("浮层", True),
        ("备用", True),
        ("正面", False),
        ("图标", False),
        ("可见不可见", False),
    ]


def test_the_path_is_that_of_the_innermost_element_around_the_whole_line() -> None:
    html = (
        '<div id=main class=" article  clearfix "><p><span class="time">2024-05-01</span></p>'
        "<p>来源：<a href=/>临江<b>晚报</b></a></p><p><em><b>新</b> <i>桥</i></em></p></div>"
    )
    assert [block.tag for block in blocks(html)] == [
        "body/div#main.article.clearfix/p/span.time",
        "body/div#main.article.clearfix/p",
        "body/div#main.article.clearfix/p/em",
    ]


def test_a_path_keeps_the_nearest_eight_elements_and_caps_their_names() -> None:
    html = "<div id=outermost>" + "<div class='a/b'>" * 6 + f"<p class='{'长' * 100}'><b>临江</b>"
    (block,) = blocks(html)
    assert block.tag == "/".join(["div.a-b"] * 6 + ["p." + "长" * 58, "b"])


def test_link_chars_count_what_stands_inside_links() -> None:
    html = (
        "<p><a href=/1> 首页 </a> | <a href=/2>新<b>闻</b></a></p><p><a href=/3>临江 <i>新桥</i></a> </p>"
        "<p><a name=top>不是链接</a></p>"
    )
    assert [(block.text, block.link_chars) for block in blocks(html)] == [
        ("首页 | 新闻", 4),
        ("临江 新桥", 5),
        ("不是链接", 0),
    ]


def test_nul_bytes_and_lone_surrogates_break_nothing() -> None:
    assert texts("<p>临\x00江\ud83d新桥</p>\x00<p cl\x00ass=x>通车</p>") == ["临江\ufffd新桥", "通车"]


@pytest.mark.parametrize(
    "html",
    [
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><p>临江</p>',
        "<p>临江",
        "临江</p></div></body></html>",
        "<p>临江</p><div <span class='",
        "<head><title>晚报</title><plaintext>临江",
        "<b><i>临</b>江</i>",
        "<table>临江<tr><td></table>",
        "\ufeff<p>临江",
    ],
)
def test_broken_markup_keeps_its_text(html: str) -> None:
    assert texts(html) == ["临江"]


def test_text_in_frames_is_not_on_the_page() -> None:
    assert texts("<frameset cols=50%><frame src=a.html><noframes>请升级浏览器</noframes></frameset>") == []


@pytest.mark.parametrize("tag", ["div", "span", "b", "font", "table", "ul", "section", "li", "a", "x-box"])
def test_a_hundred_thousand_nested_tags_lose_no_text(tag: str) -> None:
    html = f"<{tag}>" * 100_000 + "<p>临江新桥</p>" + f"</{tag}>" * 100_000 + "<p>通车</p>"
    assert texts(html) == ["临江新桥", "通车"]


def test_five_thousand_nested_blocks_stay_lines_of_their_own() -> None:
    lines = [f"第{number}行" for number in range(5_000)]
    found = blocks("".join(f"<div>{line}" for line in lines))
    assert [block.text for block in found] == lines
    assert max(len(block.tag) for block in found) < 60


def test_a_line_of_ten_megabytes_is_one_block() -> None:
    sentence = "临江新桥今日正式通车。"
    html = "<p>" + sentence * (10_000_000 // len(sentence.encode())) + "</p><p>完</p>"
    found = texts(html)
    assert found[1:] == ["完"]
    assert len(found[0]) == html.count("。") * len(sentence)


def test_a_block_knows_how_many_pictures_stand_above_it() -> None:
    pictures = "<img src=a><p><img src=b></p><p>图为新桥。</p>"
    html = f"<p>导语一段。</p>{pictures}<iframe src=v></iframe><p>正文。</p><p>完。</p>"
    assert [(block.text, block.media) for block in read_html(parse_tree(html))] == [
        ("导语一段。", 0),
        ("图为新桥。", 2),
        ("正文。", 1),
        ("完。", 0),
    ]
