"""The model that is shipped: what it says of a page, how sure it is, and why."""

import pytest

from builder.label.model import Model, explain_block, judge_by_model, load_model
from builder.records import ROLES, Block, ParsedPage

PAGE = ParsedPage(
    [
        Block("首页 新闻 财经 体育"),
        Block("青溪县三百座老水井重新通水"),
        Block("2022-05-18 09:12 来源：青溪日报"),
        Block("本报讯（记者 林一舟）5月17日，青溪县最后一座列入名录的老水井在柳巷重新通水，附近居民用上了井水。"),
        Block("修复工作历时四年，工匠先清淤，再按原来的石料补砌井壁，水质经检测达到饮用标准。"),
        Block("县水利局负责人说，今后每口井都有一名巷长照看，每季度检测一次水质，结果贴在井台上。"),
        Block("责任编辑：苏禾"),
        Block("版权所有 青溪日报社 未经授权不得转载"),
    ]
)
WANT = ["nav", "title", "meta", "lede", "body", "body", "credit", "notice"]


@pytest.fixture(scope="module")
def model() -> Model:
    found = load_model()
    assert found is not None
    return found


def test_plain_article_is_labelled_as_a_reader_would(model: Model) -> None:
    verdicts = judge_by_model(PAGE, model)
    assert [role for role, _ in verdicts] == WANT
    assert all(0 <= score <= 1 for _, score in verdicts)


def test_page_of_one_line_has_a_role(model: Model) -> None:
    ((role, _),) = judge_by_model(ParsedPage([Block("404")]), model)
    assert role in ROLES


def test_explanation_names_the_features_that_tell(model: Model) -> None:
    why = explain_block(PAGE, 6, model)
    assert why.role == "credit"
    assert why.rule[0] == "credit"
    assert why.alternatives[0][0] != "credit"
    assert sum(weight for _, _, weight in why.features) > 0
    assert all(index != 6 for index, _ in why.neighbours)
