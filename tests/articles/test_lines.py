from builder.articles.lines import split_fields


def kinds(text: str) -> list[tuple[str, str]]:
    return [(f.kind, f.value) for f in split_fields(text) if f.value]


def test_glued_labels_end_the_value_before_them() -> None:
    assert kinds("来源：临江晚报作者：范知秋责任编辑：牟晓棠") == [
        ("outlet", "临江晚报"),
        ("reporter", "范知秋"),
        ("editor", "牟晓棠"),
    ]


def test_wen_within_a_name_is_no_label() -> None:
    assert kinds("本报记者 卓以安 韦禾") == [("reporter", "卓以安 韦禾")]


def test_comment_word_at_the_end_of_a_name_is_no_label() -> None:
    assert kinds("2020-09-21 · 石麓评论 · 阅读 12")[0] == ("", "2020-09-21 · 石麓评论")


def test_unknown_label_ends_a_value() -> None:
    assert kinds("本版责编：柴禾 封底：叶小满") == [("editor", "柴禾")]


def test_source_of_a_picture_is_not_the_outlet() -> None:
    assert [k for k, _ in kinds("题图来源：临江图库")] == ["other"]


def test_original_title_takes_the_rest_of_its_line() -> None:
    assert [f.kind for f in split_fields("（原标题：记者：范知秋走进山村）")] in (["other"], ["", "other"])
