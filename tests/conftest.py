"""What several folders of tests share: the command line as a user runs it, and small pages to build from."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from hypothesis import settings

# A machine with other work on it is slow now and then; no test looks at a clock.
settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")

# How long an example takes is the machine's business: on a busy one any of them takes longer than hypothesis expects.
hypothesis.settings.register_profile("zhnews", deadline=None)
hypothesis.settings.load_profile("zhnews")

Zhnews = Callable[..., "subprocess.CompletedProcess[str]"]

ARTICLE = """\
<!doctype html><html><head><meta charset="utf-8"><title>{title}_临江晚报</title></head><body>
<div class="nav"><a href="/">首页</a> <a href="/news">新闻</a> <a href="/sports">体育</a></div>
<h1>{title}</h1>
<div class="info">{date} 08:00 来源：临江晚报</div>
<div class="content">
<p>本报讯（记者 林一舟）{lede}</p>
<p>{body}</p>
<p>记者将继续关注此事的进展。{extra}</p>
</div>
<div class="editor">责任编辑：苏禾</div>
<div class="footer">版权所有 临江晚报社 未经授权不得转载</div></body></html>
"""

# Stories that share no sentence: the search for near-duplicates must keep them apart.
LEDES = (
    "5月1日上午，临江新桥正式通车，两岸居民过江的时间从四十分钟缩短到八分钟，沿线公交同步调整线路。",
    "6月2日，望海港三号泊位开港，首批四百标准箱的货物当天装船，港口年吞吐能力增加五十万吨。",
    "7月3日，云溪博物馆新馆向公众开放，展出近年考古发掘的三百余件陶器，其中六成是第一次展出。",
    "8月4日，青石高铁站东广场启用，旅客换乘地铁的步行距离由六百米缩短为一百二十米，并增设母婴室。",
    "9月5日，松岭县第一批蓝莓上市，合作社社员马长林家的两亩大棚当天就卖出三百二十公斤鲜果。",
    "10月6日，南湾夜校秋季班开课，书法和修表两门课在半小时内报满，最年长的学员今年七十八岁。",
    "11月7日，白鹭洲湿地迎来今年首群越冬候鸟，巡护员在北岸芦苇荡里数到了四十六只小天鹅。",
    "12月8日，河西热电厂二号机组点火成功，全区两万四千户居民的暖气提前一周达到供热温度。",
    "1月9日，梧桐街道养老食堂试营业，一荤两素的套餐售价十二元，行动不便的老人可以送餐上门。",
    "2月10日，东林社区把废弃的锅炉房改成了自习室，一百零八个座位在寒假第一天全部坐满。",
    "3月11日，省农科院发布耐盐水稻新品系，在滨海试验田的盐碱地上平均亩产达到五百三十一公斤。",
    "4月12日，金沙河流域水位回落，沿线七个乡镇解除防汛应急响应，转移的群众陆续返回家中。",
    "5月13日，榆关古城墙修缮队在北门夯土层里发现一枚完整的建窑黑釉盏，釉面兔毫清晰可辨。",
    "6月14日，双塔镇中学女子足球队以三比二逆转夺得全区冠军，替补守门员扑出了最后的点球。",
    "7月15日，桃源湖环湖自行车道闭合成圈，骑行一周二十八公里，沿途新增九处饮水点和三间淋浴房。",
    "8月16日，海棠市首批氢能公交投入运营，加注一次只需八分钟，满载可以连续行驶四百三十公里。",
)
BODIES = (
    "据介绍，大桥历时三年建成，高峰时有六百多名工人同时施工，所用构件全部在本地预制。",
    "港务局局长说，下一步将开通两条近海航线，往返时间比绕行内陆缩短一天半。",
    "馆长告诉记者，展柜的灯光按照矿物颜料的耐受程度逐一调过，观众可以凑近看清指纹。",
    "设计方在连廊顶部铺了一万多块光伏板，晴天发的电足够整个广场的照明和扶梯使用。",
    "去年这个时候他还在外省打工，听说村里建了冷库，便带着妻子回来承包了大棚。",
    "教室借用的是街道闲置的会议厅，老师都是本地的匠人，每节课只收二十元材料费。",
    "为了不惊动鸟群，栈道的三段今起封闭到明年三月，观鸟者可以到西侧的木屋里用望远镜。",
    "技术人员连续值守了五十个小时，逐层检查管网压力，发现的十一处漏点已全部修好。",
    "掌勺的是退休厨师邓师傅，他把每道菜的盐减了三成，还专门给糖尿病人留了一个窗口。",
    "居民投票决定保留那根砖砌的烟囱，孩子们在上面画了一只衔着书本的长颈鹿。",
    "课题组从八百多份种质里筛了九年，今年第一次在不压盐的地块上把亩产提到了预期以上。",
    "水文站提醒，上游水库仍在泄洪，河滩上的蔬菜地暂时不要补种，等十五日会商之后再定。",
    "文物部门推测，它是守城士兵的随身之物，修墙时失落在灰土之间，已送实验室做残留物分析。",
    "教练说，姑娘们的训练场原来是晒谷场，三年里换过四次草皮，都是家长们一块一块铺上去的。",
    "最难的一段要穿过采石场旧址，工人们把岩壁削成缓坡，种上了耐旱的火棘和金银花。",
    "驾驶员在模拟舱里练了两个月，紧急关阀和疏散乘客各考了十次，全部通过才拿到上岗证。",
)


def article(number: int, *, extra: str = "") -> str:
    """Return an HTML page with one article; from 16 on stories come again under other titles."""
    lede, body = LEDES[number % len(LEDES)], BODIES[number % len(LEDES)]
    title = lede.split("，")[1] + ("" if number < len(LEDES) else f"（{number}）")
    return ARTICLE.format(title=title, date=f"2024-05-{number % 28 + 1:02}", lede=lede, body=body, extra=extra)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with twelve articles, an exact copy, a hub and an empty page."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.html").write_text(article(number), "utf-8")
    (folder / "copy.html").write_text(article(0).replace("临江晚报", "望海日报"), "utf-8")
    links = "".join(f'<li><a href="/{n}.html">{LEDES[n % 12][5:18]}</a></li>' for n in range(20))
    (folder / "hub.html").write_text(f"<title>临江网首页</title><body><ul>{links}</ul>", "utf-8")
    (folder / "empty.html").write_text("<html><body><script>var a = 1;</script></body></html>", "utf-8")
    return folder


@pytest.fixture
def zhnews(tmp_path: Path) -> Zhnews:
    """Run `zhnews` as a user does, in an empty folder, without a terminal."""

    def run(*args: object, stdin: str = "", cwd: Path = tmp_path) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "builder.cli", *map(str, args)]
        return subprocess.run(command, input=stdin, capture_output=True, encoding="utf-8", cwd=cwd, check=False)

    return run
