"""What the words of one line say it could be; each pattern with lines it must leave alone."""

import pytest

from builder.keys import text_key
from builder.label.hints import scan_lines
from builder.label.lines import prose_weight, read_lines
from builder.label.phrases import phrases, phrases_folder
from builder.records import Block


def says(text: str) -> set[str]:
    [line] = read_lines([Block(text)], scan_lines([text]).hints)
    names = "nav heading comments credit publication byline caption abstract notice".split()  # noqa: SIM905
    return {name for name in names if getattr(line, name)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2022-05-18 08:30 来源：青溪日报", "publication"),
        ("来源:青溪网-新青溪客户端2022-05-18", "publication"),
        ("发布时间：05-1808:30", "publication"),
        ("3小时前", "publication"),
        ("责任编辑：苏禾", "credit"),
        ("[ 责编: 苏禾 ]", "credit"),
        ("编辑/苏禾 校对/林一舟", "credit"),
        ("本报记者 邵一宁 通讯员 何田", "byline"),
        ("文丨邵一宁", "byline"),
        ("【文/青溪日报 邵一宁】", "byline"),
        ("《青溪周刊》作者 邵一宁", "byline"),
        ("【来源】 青溪日报", "publication"),
        ("更改时间： 13/04/2021 - 19:03", "publication"),
        ("职务， 青溪之声记者", "publication"),
        ("本文来自微信公众号“青溪账簿”（ID：qingxizhangbu），作者：邵禾，编辑：林知秋，经授权发布。", "byline"),
        ("感谢青溪网友 湖边的灯、小九 的线索投递！", "byline"),
        ("（据新华社电）", "credit"),
        ("（综合新华社、青溪日报报道）", "credit"),
        ("点击蓝字关注我们", "notice"),
        ("青溪日报简介 本报招聘 联系我们 网站地图 版权声明 法律顾问 广告服务", "nav"),
        ("柳巷老井重新通水。邵一宁 摄", "caption"),
        ("图为修复后的老井。", "caption"),
        ("赵奶奶（左）和邻居在柳巷的井边打水。", "caption"),
        ("5月17日清晨，居民在井边等候。本文图片均为青溪日报记者所摄", "caption"),
        ("修复后的老井。 摄于2022年5月", "caption"),
        ("青溪网 版 权 所 有 ， 未 经 授 权 禁 止 转 载", "notice"),
        ("声明：本网转载稿件仅供参考，文责自负。", "notice"),
        ("相关阅读", "heading"),
        ("上一篇：没有了", "heading"),
        ("全部评论（126）", "comments"),
        ("首页 > 新闻 > 正文", "nav"),
        ("新闻社会财经房产教育", "nav"),
        ("【编者按】四年修三百口井。", "abstract"),
    ],
)
def test_words_tell(text: str, name: str) -> None:
    assert name in says(text)


@pytest.mark.parametrize(
    "text",
    [
        "青溪县三百座老水井重新通水",
        "2022年5月17日，青溪县最后一座列入名录的老水井在柳巷重新通水，全县三百座老井的修复工作至此结束。",
        "记者在现场看到，井壁用的仍是原来的青石，新补的石料颜色略浅，与旧石之间留有一道细线。",
        "本文来自县志的部分材料，由水利局的工程师逐条核对，与井壁石刻上的年月一致。",
        "他感谢邻居们把线索一条条投递过来，四年里收到的来信装满了两个木箱。",
        "编辑部的老同事都记得那口井，夏天把西瓜放下去，傍晚提上来，切开还冒着凉气。",
    ],
)
def test_headlines_and_paragraphs_say_nothing(text: str) -> None:
    assert says(text) == set()


def test_long_paragraph_weighs_more_than_a_brief_sentence_and_words_weigh_nothing() -> None:
    sentence = "修复工作历时四年，工匠先清淤，再按原来的石料补砌井壁。"
    assert prose_weight("财经") == prose_weight("青溪县三百座老水井重新通水") == 0
    assert 0 < prose_weight(sentence) < prose_weight(sentence * 4) <= 5


def test_key_keeps_letters_and_digits_of_any_width() -> None:
    assert text_key("《老井》：３００ 座，Ａ级！") == "老井300座a级"


def test_lexicons_hold_no_phrase_twice() -> None:
    for path in sorted(phrases_folder().glob("*.txt")):
        found = phrases(path.stem)
        assert len(found) == len(set(found)), path.name
