"""jieba's words, by jieba and by rjieba, and its keywords."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.errors import SettingsError
from builder.words import (
    JIEBAS_OWN,
    Lexicon,
    WordSettings,
    ascii_words,
    cache_folder,
    cutter,
    fast_cutter,
    jieba_cutter,
    keywords,
    read_lexicon,
    tagged_words,
)

#: What sentences of news are made of, and what the two engines might cut apart.
PIECES = [
    *("临江市", "新桥", "通车", "市民", "代表", "会议指出", "发展改革委", "负责人表示", "同比增长", "重庆", "人工智能"),
    *("的", "了", "在", "和", "一千二百米", "三年", "研究生命起源", "南京市长江大桥", "沈若川", "结婚的和尚未结婚的"),
    *("GDP", "3.5%", "A-B", "C++", "AT&T", "iPhone 15 Pro+", "www.example.com", "x.com/a-b_c", "1.2.3.4", "5,999.00元"),
    *(
        "100%",
        "%",
        "２０２４年",
        "2024-05-01",
        "08:00",
        "T恤",
        "卡拉OK",
        "K12",
        "5G+",
        "#话题#",
        "a_b",
        "--",
        "..",
        ".5",
    ),
    *(
        "B.C.",
        "é",
        "α粒子",
        "，",
        "。",
        "！",
        "“",
        "”",
        "、",
        "《",
        "》",
        "（",
        "）",
        " ",
        "\u3000",
        "……",
        "——",
        "😀",
        "㎡",
    ),
    *("𠮷", "㐂", "鿕", "鿖", "龥", "﨑", "臺灣", "繁體字", "咁樣", "嘅"),
]


def sentences(n: int) -> Iterator[str]:
    draw = random.Random(5)  # noqa: S311 - sentences, not secrets
    for _ in range(n):
        yield "".join(draw.choice(PIECES) for _ in range(draw.randint(1, 24)))


texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=30)


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests out of the user's cache, and share one among them."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before


def test_rjieba_gives_the_words_of_jieba_on_10_000_sentences() -> None:
    pytest.importorskip("rjieba", reason="rjieba is not installed; run: pip install '.[fast]'")
    fast, reference = fast_cutter(), jieba_cutter()
    assert [text for text in sentences(12_000) if fast(text) != reference(text)] == []


@settings(deadline=None)  # the first call builds the dictionary
@given(texts)
def test_rjieba_gives_the_words_of_jieba_on_any_text(text: str) -> None:
    pytest.importorskip("rjieba", reason="rjieba is not installed; run: pip install '.[fast]'")
    assert fast_cutter()(text) == jieba_cutter()(text)


@settings(deadline=None)  # the first call builds the dictionary
@given(texts)
def test_words_join_to_the_text(text: str) -> None:
    words = cutter()(text)
    assert "".join(words) == text
    assert all(words)


def test_words_are_those_of_jieba() -> None:
    import jieba

    for text in sentences(300):
        assert cutter()(text) == jieba.lcut(text)


def test_keywords_are_those_of_jieba() -> None:
    import jieba.analyse

    for number in range(60):
        text = "".join(sentences(number + 3))
        assert keywords(cutter()(text), 10) == jieba.analyse.extract_tags(text, topK=10)


def test_a_text_without_words_has_no_keywords() -> None:
    assert keywords(cutter()("，。 的"), 10) == []


def test_an_own_dictionary_makes_a_word_and_leaves_jieba_alone() -> None:
    text = "市民在用桥通了么软件"
    own = Lexicon(dictionary=("桥通了么 1000 n",))
    assert "桥通了么" in cutter(own)(text)
    assert "桥通了么" not in cutter()(text)


def test_stop_words_are_no_keywords() -> None:
    words = ["通车", "通车", "新桥"]
    assert keywords(words, 10) == ["通车", "新桥"]
    assert keywords(words, 10, Lexicon(stop_words=("通车",))) == ["新桥"]


def test_tags_are_those_of_posseg() -> None:
    assert tagged_words("市民在新桥上散步") == [("市民", "n"), ("在", "p"), ("新桥", "ns"), ("上", "f"), ("散步", "n")]


def test_ascii_words_of_the_dictionary_are_read_without_building_it() -> None:
    assert {"C++", "AT&T"} <= ascii_words()


def test_files_of_words_are_read_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("云栖澜苑 100 ns\n\n临江晚报\n", "utf-8")
    (tmp_path / "stop.txt").write_text("通车\n市民\n通车\n", "utf-8")
    named = WordSettings(dictionary="words.txt", stop_words="stop.txt")
    assert read_lexicon(named, tmp_path) == Lexicon(("云栖澜苑 100 ns", "临江晚报"), ("市民", "通车"))
    assert read_lexicon(WordSettings(), tmp_path) == JIEBAS_OWN


def test_a_line_that_is_no_entry_is_named(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("临江晚报\n云栖 澜苑\n", "utf-8")
    with pytest.raises(SettingsError, match=r"words\.txt:2 '云栖 澜苑' is not"):
        read_lexicon(WordSettings(dictionary="words.txt"), tmp_path)
    with pytest.raises(SettingsError, match=r"stop_words: none\.txt is not beside the settings"):
        read_lexicon(WordSettings(stop_words="none.txt"), tmp_path)


def test_cutting_says_nothing_and_leaves_its_cache_with_the_user(tmp_path: Path) -> None:
    code = "from builder.words import jieba_cutter, tagged_words; jieba_cutter()('临江新桥'); tagged_words('通车')"
    environment = os.environ | {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "TMPDIR": str(tmp_path / "tmp"),
        "PYTHONPYCACHEPREFIX": str(tmp_path / "pyc"),  # compiles jieba afresh, with its warnings
    }
    (tmp_path / "tmp").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=Path(__file__).parents[1],
    )
    assert (done.stdout, done.stderr) == ("", "")
    assert list((tmp_path / "cache" / "zhnews-builder").glob("jieba-*/jieba.cache"))
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("sys.platform", "linux")
    assert cache_folder("0").is_dir()
