import pytest

from builder.articles.datelines import bracketed_after, find_dateline


@pytest.mark.parametrize(
    ("paragraph", "agency", "place", "date", "raw"),
    [
        ("新华社北京4月24日电（记者范知秋）会议开幕。", "新华社", "北京", "4月24日", "新华社北京4月24日电"),
        ("新华社烟台4月24日电 会议开幕。", "新华社", "烟台", "4月24日", "新华社烟台4月24日电"),
        ("中新网4月24日电 会议开幕。", "中新网", None, "4月24日", "中新网4月24日电"),
        ("人民网北京4月24日电 会议开幕。", "人民网", "北京", "4月24日", "人民网北京4月24日电"),
        ("本报讯（记者范知秋）近日，桥通了。", "本报", None, None, "本报讯"),
        ("【本報訊】近日，橋通了。", "本報", None, None, "本報訊"),
        ("本报临江4月20日讯 晚上八点半。", "本报", "临江", "4月20日", "本报临江4月20日讯"),
        (
            "临江网-江客户端8月1日6时讯(记者 范知秋)",
            "临江网-江客户端",
            None,
            "8月1日6时讯",
            "临江网-江客户端8月1日6时讯",
        ),
        ("央视网消息：会议开幕。", "央视网", None, None, "央视网消息"),
        ("【临江社云溪4月24日电】会议开幕。", "临江社", "云溪", "4月24日", "临江社云溪4月24日电"),
        ("（中央社記者王小明台北5日電）會議開幕。", "中央社", "台北", "5日", "中央社記者王小明台北5日電"),
        ("（吉隆坡12日訊）會議開幕。", None, "吉隆坡", "12日", "吉隆坡12日訊"),
        ("北京4月24日电（记者 范知秋）会议开幕。", None, "北京", "4月24日", "北京4月24日电"),
        ("【臨江日報專訊】會議開幕。", "臨江日報", None, None, "臨江日報專訊"),
        ("文匯報訊（記者 林映棠）會議開幕。", "文匯報", None, None, "文匯報訊"),
        ("【大紀元2023年11月12日訊】會議開幕。", "大紀元", None, "2023年11月12日", "大紀元2023年11月12日訊"),
    ],
)
def test_datelines_that_open_a_paragraph(
    paragraph: str, agency: str | None, place: str | None, date: str | None, raw: str
) -> None:
    found = find_dateline(paragraph)
    assert found is not None
    assert (found.agency, found.place, found.date, found.raw) == (agency, place, date, raw)
    assert paragraph[found.start : found.end] == raw


@pytest.mark.parametrize(
    "paragraph",
    [
        "据临江通讯社4月24日报道，会议开幕。",
        "据临江社4月24日电，会议开幕。",
        "4月24日，会议在北京开幕。",
        "记者从市水务局获悉，桥通了。",
        "国务院4月24日消息人士说。",
        "他发来电报，问桥通了没有。",
        "通讯号码已经更换。",
        "东京12日电力供应吃紧，多家商场提前关灯。",
        "4月24日讯号中断了一小时。",
        "",
    ],
)
def test_openings_that_are_no_dateline(paragraph: str) -> None:
    assert find_dateline(paragraph) is None


def test_outlet_of_the_page_is_an_agency_whatever_its_name() -> None:
    paragraph = "偶影图片乌兰井11月12日电（记者 易水）初雪。"
    found = find_dateline(paragraph, "偶影图片")
    assert found is not None
    assert (found.agency, found.place) == ("偶影图片", "乌兰井")


def test_reporters_are_bracketed_after_the_dateline() -> None:
    paragraph = "临江社云溪4月24日电（记者纪向晚、韦一鸣）索道投入运营。"
    assert bracketed_after(paragraph, find_dateline(paragraph)) == "记者纪向晚、韦一鸣"
