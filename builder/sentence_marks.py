"""
The marks, patterns and words by which `sentences` reads: what may end a sentence, what goes on with one.

Words stand in simplified and traditional script. A word is here because the guideline's rule needs it, not because a
text did; what a list cannot tell stays as the rule says without it.
"""

import re

NEWLINES = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
BLANK = rf"[^\S{NEWLINES}]*+"
FULL_STOPS = "。！？｡﹗﹖‼⁇⁈⁉"
ELLIPSES = "…⋯‥"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
STRAIGHT = "\"'＂"
QUOTES = {"“": "”", "‘": "’", "「": "」", "『": "』", "﹁": "﹂", "﹃": "﹄", "〝": "〞"}
TITLES = {"《": "》", "〈": "〉"}
BRACKETS = {"（": "）", "(": ")", "【": "】", "[": "]", "［": "］", "〔": "〕", "〖": "〗", "｛": "｝", "{": "}"}
PAIRS = QUOTES | TITLES | BRACKETS
CLOSER_OF = PAIRS | {mark: mark for mark in STRAIGHT}

FOOTNOTE = rf"[\[［〔【](?:[注註][释釋]?)?(?:\d{{1,3}}(?:[-–,，、]\d{{1,3}})*+|[a-z])[\]］〕】]|[{CIRCLED}¹²³⁴-⁹]"
# Emoji, without the signs that open list items (★ ☎ ✔ ➤ ❶ and their like) unless they ask to be drawn as emoji.
EMOJI = "[\U0001f000-\U0001faff☀-☄☹-☻☝⚡⚽⚾⛄✊-✍✨❣❤⭐\u200d\ufe0f~～]|[\u2600-\u27bf]\ufe0f"
# A face such as (^_^) or （≧▽≦）: no hanzi, and one of the signs that make faces.
FACE = r"[(（](?=[^\n()（）]{0,8}[\^≧≦▽ω□°╯´･・;><])[^\u4e00-\u9fff\n()（）]{1,12}[)）]|\^_*+\^"
TAIL = rf"(?:{BLANK}(?:{FOOTNOTE}|{EMOJI}|{FACE}))*+"
RUN = rf"(?:{BLANK}[{FULL_STOPS}{ELLIPSES}!?.．])*+"
OPENING, CLOSING = ("".join(map(re.escape, marks)) for marks in (PAIRS, PAIRS.values()))
PLAIN = rf"[^{FULL_STOPS}{ELLIPSES}!?.．{OPENING}{CLOSING}{STRAIGHT}{NEWLINES}]"
# What comes before the next mark, the mark, and the blanks after it. A pair with no mark inside, “双减”, settles
# nothing and is skipped. Each match begins where the last one ended, and one branch always matches (\Z after the last
# mark), so no character is scanned more than twice. The groups are the methods of `sentences.Scan`, in order.
MARK = re.compile(
    rf"(?:{PLAIN}++|“{PLAIN}*+”|《{PLAIN}*+》|（{PLAIN}*+）)*+(?:"
    rf"([{FULL_STOPS}]{RUN}{TAIL}){BLANK}"
    rf"|([{OPENING}])"
    rf"|([{CLOSING}]{TAIL}){BLANK}"
    rf"|([{NEWLINES}])\s*+"
    rf"|([{ELLIPSES}!?.．]{RUN}{TAIL}){BLANK}"
    rf"|([{STRAIGHT}]{TAIL}){BLANK}"
    r"|\Z)"
)

# What may close a quotation opened by the other kind of mark: “好。" and "好。”
MIXED = {'"': "”", "＂": "”", "'": "’", "”": '"', "’": "'"}
# The stack keeps the innermost marks only: noise such as 10,000 opening marks costs no more than one.
DEEPEST = 8

LINE_ENDS = frozenset(NEWLINES) | {""}
CLOSES = frozenset(PAIRS.values())
CLOSES_QUOTATION = frozenset(QUOTES.values()) | frozenset(STRAIGHT)
CLOSES_TITLE = frozenset(TITLES.values())
# A sentence does not begin with these, whatever stands before.
CONTINUES = frozenset("，、；：,;:﹐﹑︰﹔﹕/／" + FULL_STOPS + ELLIPSES)

# After a closing quotation mark: particles, and nouns that name the words quoted: “要公道！”的口号, “为什么？”等问题
GOES_ON = re.compile(
    "的(?![确確士哥姐])|等(?![到待了他她它我你您])|之(?![后後前所间間际際时時])|似的|字[样樣]|[几幾一两兩二三四五六七八九十]+[个個大]+字"
    "|一(?:[词詞语語句文曲歌书書案剧劇]|时间|時間)"
    "|[为為作](?:主?[题題]|名|口[号號]|代表|由|[标標]志|目[标標]|核心|宗旨)"
)
# Verbs whose subject is a quotation that no speaker leads: “谁来买单？”成为焦点
PREDICATE = re.compile(
    "是(?![的否夜日时時什谁誰])|成[为為了]|[让讓令使](?![^，。]{0,8}的是)|引[发發起]|被(?![告害捕问問])|[响響][彻徹起]|刷[屏爆]"
)
# After ！ and ？ only: “谁来养老？”这一问题, “到了吗？”——他一路都在问
APPOSITION = re.compile("[这這](?:一(?![次天刻年回时時切下点點])|[个個][问問][题題]|[样樣]的|句[话話])|[—–─-]|一直是")

# Verbs of speech; those that also end nouns (小说 报道 访问 名称) are told apart by the character before.
SAY = (
    "(?<![小传傳学學])[说說]|(?<![知报報街频頻味渠轨軌隧管通铁鐵赛賽人公航大])道|(?<![访訪慰学學疑顾顧拷])[问問]"
    "|(?<![名简簡职職俗统統全别別堪尊])[称稱]|(?<![报報解])答|表示|指出|[认認][为為]|[强強][调調]|介[绍紹]|解[释釋]|透露|坦言|直言"
    "|感[叹嘆慨]|[补補]充|回[应應复覆]|提醒|呼[吁籲]|留言|(?<=[佢哋])[話话講讲]"
)
# A bare attribution: who speaks, 40 characters at most (an office and a name), and a verb of speech at the very end.
SAID = re.compile(
    rf"[^，。！？；：“”「」『』…,!?;:\n]{{1,40}}?(?:{SAY}|[喊吼]|[叹嘆]|[嘀]咕|嘟囔|念叨|[赞讚惊驚][叹嘆]|回[忆憶]|[总總][结結]"
    "|告[诉訴][^，。！？；：“”,\n]{1,8}|[评評][价價论論]|[调調]侃|分析|建[议議]|承[诺諾认認]|抱怨|吐槽|[劝勸]|直呼|[惊驚]呼"
    ")[着著了]?[。！!｡]"
)
NOT_SAID = re.compile("[没沒未]|[无無]人|不[予愿願肯]|拒[绝絕]|等待|期待|需要|希望|引[发發起来來]|[给給作做]出")

QUESTION = re.compile(
    "(?:[谁誰吗嗎呢么麼吧哪怎孰岂豈啥咋]|(?<!喇)嘛|[为為如]何|何[时時地处處人以在去从從]|[几幾](?!内|內|何)|多[少大久远遠长長高]|[难難]道"
    "|[是能可会會]否|究竟|到底|(.)[不没沒]\\1|(?:[了啊呀的]|没有|沒有|不)$)[^，。！？；：“”,;:\\s]*$"
)
# Characters that mostly spell foreign names: a full stop between two of them is a middle dot, 乔治.布什.
SPELLS_NAMES = frozenset(
    "尔爾斯克德特布拉姆莱萊莫诺諾罗羅洛伦倫维維瓦沃弗夫福蒂迪萨薩塞塔泰汤湯乔喬查詹约約翰玛瑪娜妮娅婭雅哈赫霍胡库庫卡凯凱坎肯科戈格古盖蓋吉杰傑"
    "基贝貝伯博巴彼波佩帕皮普费費菲奥奧欧歐埃艾伊亚亞阿乌烏鲁魯卢盧琳丽麗莉莎丝絲兹茲茨策岑森桑逊遜顿頓敦登丹戴邓鄧蒙曼梅迈邁米穆纳納尼努纽紐潘庞龐齐齊奇恰琼瓊治马馬隆"
)
NUMERALS = frozenset("〇零一二三四五六七八九十百千")
ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        "inc ltd co corp bros dept univ assn est ext tel ave vol fig rev ed pp op no "
        "mr mrs ms dr prof st jr sr lt col sgt capt gen sen gov rep hon ph "
        "jan feb mar apr jun jul aug sep sept oct nov dec am pm vs etc al eg ie ca cf approx intl mt",
    )
)
QUOTE_MARK = re.compile(f"[{''.join(QUOTES)}{''.join(QUOTES.values())}{STRAIGHT}{NEWLINES}]")
NO_WORDS = re.compile(rf"(?:{FOOTNOTE}|\W)*")
HARD_RUN = re.compile(rf"[{ELLIPSES}.．\s]*+[{FULL_STOPS}!?]")
LIST_ITEM = re.compile(rf"[：:；;，,、\s][{CIRCLED}]")
LIST_FOLLOWS = re.compile(rf"[^{FULL_STOPS}\n]{{0,80}}?[；;，,、]\s?[{CIRCLED}]")
WORD_BEFORE = re.compile(r"[A-Za-z]+$")
NOT_AFTER_WORD = re.compile(r"[0-9A-Za-z@_/-]|\s+[a-z]")
DATE = re.compile(r"\d{1,4}[年月日]")
# What leads a quotation: a mark, an opening mark around it, or a verb of speech.
LEADS = re.compile(rf"(?:[：:︰﹕，,﹐；;—“‘「『]|{SAY})\s*$")
# After a dateline, a list number or a bullet a quotation still begins its sentence.
BEGINS = re.compile(r"(?:[）】)\]●■◆▲★•○◎▶]|[一二三四五六七八九十\d][、.．]|[电電讯訊]\s)\s*$")
QUERY = re.compile(r"[A-Za-z_]\w{0,20}=")
ADDRESS = re.compile(r"[0-9A-Za-z=&/_%]")
AFTER_NUMBER = frozenset("%％‰℃”』」’》")
SLOGAN_CHARS = 40


def is_hanzi(char: str) -> bool:
    """Whether `char` (one, or none) is a hanzi of the basic plane or one of 々〇."""
    return "\u3400" <= char <= "\u9fff" or char in tuple("々〇")


def is_ascii_alnum(char: str) -> bool:
    """Whether `char` (one, or none) is an ASCII letter or digit."""
    return char.isascii() and char.isalnum()


def is_apostrophe(text: str, at: int) -> bool:
    """Whether the straight mark at `at` follows a Latin letter or a digit, and so opens nothing: Navy's, 5'."""
    return text[at] != "＂" and text[at] == "'" and is_ascii_alnum(text[at - 1 : at])


def is_attribution(text: str, at: int) -> bool:
    """Whether a bare attribution begins at `at`: somebody and a verb of speech, up to a full stop (rule 4)."""
    said = SAID.match(text, at)
    return said is not None and not NOT_SAID.search(said[0][-8:])


def is_address(text: str, at: int) -> bool:
    """Whether the ? or ! at `at` stands in an address: a.cn/x?id=3, a.cn/?中文=1."""
    before = text[at - 1 : at]
    return before == "/" or bool(QUERY.match(text, at + 1) or (before.isascii() and ADDRESS.match(text, at + 1)))


def is_lost_dot(text: str, at: int) -> bool:
    """Whether the ? at `at` was a middle dot: hanzi on both sides and no question in its clause (rule 10)."""
    hanzi = is_hanzi(text[at - 1 : at]) and is_hanzi(text[at + 1 : at + 2])
    return text[at] == "?" and hanzi and not QUESTION.search(text[max(0, at - 30) : at])


def is_full_stop(text: str, at: int) -> bool:
    """Whether the "." at `at` ends a sentence (rule 9)."""
    before, follows = text[at - 1 : at], text[at + 1 : at + 2]
    if follows in (".", "．") or (is_ascii_alnum(follows) and not DATE.match(text, at + 1)):
        return False
    if is_hanzi(before):
        if before in NUMERALS or (before in SPELLS_NAMES and follows in SPELLS_NAMES):
            return follows in LINE_ENDS
        return True
    word = WORD_BEFORE.search(text[max(0, at - 20) : at])
    if word is None:
        return before in AFTER_NUMBER
    if len(word[0]) == 2 and (not word[0].islower() or text[at - 3 : at - 2] in ("/", "@", ".")):
        return False
    return len(word[0]) >= 2 and word[0].lower() not in ABBREVIATIONS and not NOT_AFTER_WORD.match(text, at + 1)
