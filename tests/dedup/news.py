"""Invented news for the tests of the search: two stories share hardly a run of five characters."""

import random

WORDS = """
云溪 临江 清河 东岭 青石 南桥 新湾 古渡 老城 山塘 渔港 茶园 学校 医院 车站 码头 图书馆 博物馆 体育馆 菜市场
居民 工人 学生 教师 医生 农户 志愿者 工程师 司机 游客 修建 开放 迁入 改造 扩建 捐赠 种植 收获 展出 登记
桥梁 公路 水渠 灯塔 书店 花市 梯田 果园 展览 课堂 比赛 航线 公交 路灯 供水 暖气 屋顶 广场 河堤 庭院
清晨 午后 傍晚 夜里 春天 夏季 入秋 冬至 雨后 雪中 今年 去年 上月 本周 连日 近来 首次 再次 陆续 全部
方便 安静 热闹 整洁 明亮 宽敞 古老 崭新 平稳 缓慢 认真 耐心 细致 踏实 高兴 满意 期待 感谢 商量 决定
""".split()  # noqa: SIM905  a list of quoted words is no easier to read


def seeded(seed: int) -> random.Random:
    """A generator whose draws are the same in every run."""
    return random.Random(seed)  # noqa: S311  nothing here is secret


def story(seed: int, sentences: int = 12) -> str:
    """An article; another seed gives another story."""
    r = seeded(seed)
    paragraphs = [_sentence(r) + _sentence(r) for _ in range(sentences // 2)]
    return "\n".join(paragraphs)


def republished(text: str, seed: int) -> str:
    """The same story on another site: dateline before it, credit and notice after it."""
    r = seeded(seed)
    name = "".join(r.sample("王李张刘陈杨赵黄周吴", 2))
    head = f"临江日报{r.randint(1, 12)}月{r.randint(1, 28)}日讯（记者{name}）"
    return f"{head}{text}\n（责任编辑：{name}）\n未经授权不得转载。"


def _sentence(r: random.Random) -> str:
    return "，".join("".join(r.choices(WORDS, k=r.randint(4, 7))) for _ in range(r.randint(2, 3))) + "。"


def weather(seed: int) -> str:
    """A forecast: all its words are those of any other day, its numbers are not."""
    r = seeded(seed)
    low, high, wind, damp, rain, air = (r.randint(100, 999) / 10 for _ in range(6))
    return (
        f"市气象台发布天气预报，今天夜间到明天白天全市多云转晴，最低气温{low}摄氏度，山区早晨有薄雾，请驾车的市民减速慢行。\n"
        f"白天日照充足，最高气温{high}摄氏度，早晚温差较大，请外出时注意添减衣物，老人和儿童要预防感冒。\n"
        f"沿江一带偏北风较大，阵风每小时{wind}公里，渡轮照常开行，相对湿度百分之{damp}，适合晾晒。\n"
        f"后天起云量增多，降水概率百分之{rain}，出门请带雨具，空气质量指数预计为{air}，适合开窗通风。"
    )
