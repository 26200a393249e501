import pytest

from builder.articles.outlets import credited_outlet, implied_outlet
from builder.records import Block, Dateline, Head


@pytest.mark.parametrize(
    ("meta", "want"),
    [
        ("来源:华龙网-新重庆客户端2020-08-01", "华龙网-新重庆客户端"),
        ("2019-09-07 13:43:45 来源: 临江周刊 举报", "临江周刊"),
        ("2019-09-26 12:11来源：临江时报网作者：沈望川", "临江时报网"),
        ("2014-08-24 21:30| 1164次阅读| 来源CSDN| 0 条评论", "CSDN"),
        ("来源: 临江经济报道(广州)", "临江经济报道"),
        ("来源: 北青网-临江青年报 北京 举报", "北青网-临江青年报"),
        ("2024年05月10日06:58 | 来源：人民网－临江日报", "人民网－临江日报"),
        ("來源：海潭新聞網", "海潭新聞網"),
        ("2018年12月28日 19:55 新京报", "新京报"),
        ("2024-05-09 22:30·新华社", "新华社"),
        ("2019-09-05 11:10 游民星空网[整理] 1", "游民星空网"),
        ("2020-10-04 15:05聯合報 記者林映棠／即時報導", "聯合報"),
        ("北京新浪網 (2020-01-21 11:12)", "北京新浪網"),
        ("（臨江日報報道）2023-11-12 10:30", "臨江日報"),
        ("Sun, Nov 12 2023 10:30", None),
        ("2019-09-07 字号：A- A A+", None),
        ("1032人参与308评论", None),
        ("来源：网络", None),
    ],
)
def test_outlet_of_a_publication_line(meta: str, want: str | None) -> None:
    assert credited_outlet([meta], [], Head()) == want


def test_empty_source_yields_to_the_other_copy() -> None:
    assert credited_outlet(["2020-08-01 来源:", "来源:临江网2020-08-01"], [], Head()) == "临江网"


def test_name_after_an_empty_label_stands_on_its_own_line() -> None:
    assert credited_outlet(["2020-08-01 来源：", "芯途"], [], Head()) == "芯途"


def test_publication_line_beats_credit_and_head() -> None:
    assert credited_outlet(["2020-08-01 临江晚报"], ["来源：云溪网"], Head(source="双河网")) == "临江晚报"
    assert credited_outlet([], ["本文来源：云溪网 责任编辑：熊世华"], Head(source="双河网")) == "云溪网"
    assert credited_outlet([], [], Head(source="双河网")) == "双河网"


def test_agency_of_the_dateline_when_the_page_credits_none() -> None:
    agency = Dateline("临江社", None, None, "临江社讯", 0, 4)
    own = Dateline("本报", None, None, "本报讯", 0, 3)
    assert implied_outlet([], [], [], Head(), agency, []) == "临江社"
    assert implied_outlet([], [], [], Head(), own, []) is None


def test_account_beside_the_date_unless_it_is_the_author() -> None:
    assert implied_outlet([], ["掌上临江 2020-08-01 10:00"], [], Head(), None, []) == "掌上临江"
    assert implied_outlet([], ["絮絮姐 2020-08-01 10:00"], [], Head(), None, ["絮絮姐"]) is None


def test_site_is_the_outlet_of_its_own_article() -> None:
    blocks = [Block("问渠", role="nav"), Block("© 2022 问渠 版权所有", role="notice")]
    assert implied_outlet(blocks, [], [], Head(), None, []) == "问渠"
    assert implied_outlet([], [], [], Head(site_name="临江在线"), None, []) == "临江在线"


def test_label_before_the_owner_is_no_part_of_its_name() -> None:
    blocks = [Block("首页", role="nav"), Block("版权声明 来源：临江商报 时间：2020-08-01", role="notice")]
    assert implied_outlet(blocks, [], [], Head(), None, []) == "临江商报"


def test_button_of_the_frame_is_no_outlet() -> None:
    blocks = [Block("不良信息举报", role="nav"), Block("© 2022 不良信息举报 版权所有", role="notice")]
    assert implied_outlet(blocks, [], [], Head(), None, []) is None
    filed = [Block("版权所有：临江工程办 备案序号：临ICP备00000000号", role="notice")]
    assert implied_outlet(filed, [], [], Head(), None, []) is None
