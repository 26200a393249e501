"""Why a page, or an article of a task, is left out: the reasons of `dropped` and of the card in words."""

from builder.publish.markdown import Say

#: Reason -> Chinese, English. `quality:script` and the like fall back on their step, `quality`.
MEANINGS: dict[str, tuple[str, str]] = {
    "read:binary": ("内容不是文字", "its content is no text"),
    "read:bomb": ("解压后过大", "it expands to too much"),
    "read:crashed": ("读取时进程崩溃", "reading it ends the process"),
    "read:damaged": ("文件损坏，无法解压", "damaged, cannot be decompressed"),
    "read:http-status": ("不是成功的 HTTP 响应", "no successful HTTP response"),
    "read:malformed-line": ("行不是合法的 JSON", "the line is no valid JSON"),
    "read:malformed-record": ("WARC 记录不合规范", "the WARC record is malformed"),
    "read:missing-field": ("缺少正文字段", "the field with the content is missing"),
    "read:not-html": ("不是网页", "not a web page"),
    "read:too-large": ("超过大小上限", "larger than the limit"),
    "read:truncated": ("在中间断掉", "breaks off in the middle"),
    "read:unknown-suffix": ("文件类型不明", "its file type is not known"),
    "read:unreadable": ("无法读取", "cannot be read"),
    "read:wrong-type": ("字段类型不对", "a field is of the wrong type"),
    "parse:failed": ("无法解析", "cannot be parsed"),
    "parse:no-text": ("页面没有可见文字", "nothing that a reader sees is text"),
    "parse:too-many-lines": ("行数过多", "too many lines"),
    "label:crashed": ("处理时进程崩溃", "it ends the process that labels it"),
    "label:no-article": ("页面上没有文章（频道页等）", "no article on the page: a hub, for example"),
    "label:out-of-memory": ("处理时内存不足", "it took too much memory"),
    "label:timeout": ("处理超时", "it took too long"),
    "article:joined": ("分页，已并入首页的文章", "part of an article, joined to its first page"),
    "article:too-short": ("正文短于设定", "shorter than the settings allow"),
    "dedupe:exact": ("与另一篇相同", "the same as another"),
    "dedupe:near": ("与另一篇近重复", "nearly the same as another"),
    "split:between": ("与分属不同划分的已发布文章相近", "nearly alike to published articles of other splits"),
    "removal:listed": ("在移除名单上", "listed for removal"),
    "quality": ("未达质量设定", "below the quality that the settings ask for"),
    "decontaminate": ("与评测集有相同的段落", "shares a passage with a benchmark"),
    "partial": ("分页不全", "parts of it are missing"),
    "no-title": ("没有标题", "no title"),
    "no-text": ("没有正文", "no text"),
    "text-not-longer-than-title": ("正文不长于标题", "no longer than its title"),
    "no-lede": ("没有导语或提要", "neither lede nor stated summary"),
    "editors-note": ("只有编者按", "an editor's note in place of a lede"),
    "no-document": ("去掉摘要后没有正文", "nothing but its summary"),
    "summary-too-long": ("摘要过长", "its summary is too long"),
    "document-not-longer-than-summary": ("正文不长于摘要", "no longer than its summary"),
    "no-category": ("页面未标明频道", "the page states no channel"),
}


def meaning(say: Say, reason: str | None) -> str:
    """Say a reason in words; an empty string for one of another version of the program."""
    name = reason or ""  # verify tells of a page without one
    found = MEANINGS.get(name) or MEANINGS.get(name.partition(":")[0])
    return say(*found) if found else ""
