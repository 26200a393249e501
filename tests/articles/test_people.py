import pytest

from builder.articles.datelines import find_dateline
from builder.articles.names import is_person
from builder.articles.people import find_byline, find_editors


def byline(
    *,
    meta: str = "",
    credit: str = "",
    running: tuple[str, ...] = (),
    author: str | None = None,
    outlet: str | None = None,
) -> list[str]:
    first = running[0] if running else ""
    lines = [line for line in meta.split("\n") if line]
    return find_byline(lines, [credit] if credit else [], running, find_dateline(first), first, author, outlet)


@pytest.mark.parametrize(
    ("meta", "want"),
    [
        ("记者 伊永军", ["伊永军"]),
        ("本报记者范知秋 陈芷 通讯员石敬亭", ["范知秋", "陈芷", "石敬亭"]),
        ("□本报记者 邝家明 实习生 奚望", ["邝家明", "奚望"]),
        ("2021-03-05 08:12 来源：临江晚报 作者：范知秋 评论(36)", ["范知秋"]),
        ("作者： 范知秋  韦 禾", ["范知秋", "韦禾"]),
        ("文/沈喆", ["沈喆"]),
        ("图/文 沈喆", ["沈喆"]),
        ("撰文 | 欧阳靖之", ["欧阳靖之"]),
        ("文｜财新 岑朗", ["岑朗"]),
        ("采写：南都见习记者 林沐川", ["林沐川"]),
        ("执笔/絮絮姐、胡小满", ["絮絮姐", "胡小满"]),
        ("作者：Cindy Luo、步凡", ["Cindy Luo", "步凡"]),
        ("苗芷/中国青年报", ["苗芷"]),
        ("上報快訊／范姜晴嵐 2020年03月12日", ["范姜晴嵐"]),
        ("聯合報 記者林映棠／即時報導", ["林映棠"]),
        ("【海潭新聞網記者 蘇映雪 採訪報導】", ["蘇映雪"]),
        ("新华社记者邹知行、唐望舒、丁禾", ["邹知行", "唐望舒", "丁禾"]),
        ("原创 霍知秋 黎樵 霜河生活志", ["霍知秋", "黎樵"]),
        ("文/沐晚 其其格·巴雅尔", ["沐晚", "其其格·巴雅尔"]),
        ("2015-06-23 14:42 金知远", ["金知远"]),
    ],
)
def test_names_of_a_publication_line(meta: str, want: list[str]) -> None:
    assert byline(meta=meta, outlet="财新网" if "财新" in meta else None) == want


@pytest.mark.parametrize(
    "meta",
    [
        "责任编辑：熊世华",
        "编辑：熊世华 校对：向阳 监制：黎冬",
        "作者：未知",
        "作者：网络整理 阅读：1644",
        "作者：医技药剂党支部",
        "2024年05月16日 17:02 新京报作者：新京报",
        "2018年12月28日 19:55 文汇报",
        "江苏 2020-01-01 10:00",
        "张家口 2020-01-01 10:00",
        "来源：华商报",
        "新华社记者",
        "作者简介",
        "广东省 石家庄",
        "作者：网易",
    ],
)
def test_editors_places_and_outlets_are_no_byline(meta: str) -> None:
    assert byline(meta=meta) == []


@pytest.mark.parametrize(
    ("paragraph", "want"),
    [
        ("临江社云溪4月24日电（记者纪向晚、韦一鸣）索道投入运营。", ["纪向晚", "韦一鸣"]),
        ("长江网10月4日讯（记者陈禾 整合） 长假过半。", ["陈禾"]),
        ("〔記者張三豐／台北報導〕小火車復駛。", ["張三豐"]),
        ("（中央社記者王小明台北5日電）會議開幕。", ["王小明"]),
        ("中新网杭州10月9日电(张明远 李四光)茶叶开采。", ["张明远", "李四光"]),
        ("本报记者 范知秋 北京报道", ["范知秋"]),
    ],
)
def test_names_at_the_opening_of_the_text(paragraph: str, want: list[str]) -> None:
    assert byline(running=(paragraph, "第二段。", "第三段。", "第四段。")) == want


@pytest.mark.parametrize(
    ("end", "want"),
    [
        ("桥下又有了灯。（记者 范知秋 陈芷）", ["范知秋", "陈芷"]),
        ("桥下又有了灯。（张望野）", ["张望野"]),
        ("桥下又有了灯。（作者韩絮系临江政策研究院研究员）", ["韩絮"]),
        ("桥下又有了灯。(文/图 黎望东 易知夏)", ["黎望东", "易知夏"]),
        ("桥下又有了灯。（评论员 罗禾 萧望川）", ["罗禾", "萧望川"]),
        ("桥下又有了灯。（完）", []),
        ("桥下又有了灯。（云溪县发改局）", []),
        ("桥下又有了灯。（罗禾）", ["罗禾"]),
        ("桥下又有了灯。（责任编辑：熊世华）", []),
        ("桥下又有了灯。（张明为化名）", []),
        ("桥下又有了灯。（王先生为化名）", []),
        ("这样更方便。（任命）", []),
        ("办事不用等。（方便）", []),
        ("他们住在临江（江苏）", []),
    ],
)
def test_names_at_the_end_of_the_text(end: str, want: list[str]) -> None:
    assert byline(running=("桥通了。", "第二段。", "第三段。", end)) == want


def test_names_of_the_head_count_only_when_shown() -> None:
    assert byline(author="范知秋") == []
    assert byline(author="熊世华", credit="责任编辑：熊世华") == []
    assert byline(author="范知秋", credit="本文由范知秋供图") == ["范知秋"]


@pytest.mark.parametrize(
    ("line", "want"),
    [
        ("[责任编辑: 熊世华 ]", ["熊世华"]),
        ("本文来源：临江晚报 责任编辑：牟晓棠_LJ0217", ["牟晓棠"]),
        ("责任编辑：屈知遥 | 版面编辑：刘苇(ZN028)", ["屈知遥", "刘苇"]),
        ("编辑 周絮絮 ｜ 排版 韦蔚", ["周絮絮"]),
        ("(责编：汤知微、丁禾)", ["汤知微", "丁禾"]),
        ("責任編輯：蘇映雪", ["蘇映雪"]),
        ("责编：Lena Qiao", ["Lena Qiao"]),
        ("编辑|禤知远", ["禤知远"]),
        ("责任编辑：NF055", []),
        ("责任编辑：", []),
        ("记者 伊永军 校对 向阳", []),
    ],
)
def test_editors(line: str, want: list[str]) -> None:
    assert find_editors([line]) == want


@pytest.mark.parametrize("word", ["范知秋", "欧阳静", "单于宁", "蘇映雪", "阿卜杜拉·汗", "冼𫖯"])
def test_persons(word: str) -> None:
    assert is_person(word)


@pytest.mark.parametrize(
    "word",
    ["江苏", "文汇报", "石家庄", "高清", "金融", "公安局", "张家界", "华商报", "记者", "张家港市", "王先生", "张某"],
)
def test_no_persons(word: str) -> None:
    assert not is_person(word)
