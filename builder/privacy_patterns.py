"""
What phone numbers, accounts, plates and addresses look like in Chinese pages: the patterns behind `privacy`.

They run on text whose full-width letters and digits are folded to ASCII. Every repetition is bounded and nothing
crosses a line, so the time grows with the length of the text and with nothing else.
"""

import re

#: Full-width ASCII, U+FF01 to U+FF5E, to ASCII, one character for one.
FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ＠]")

_DASH = r"\-‐‑–—−－"

# Four letters or digits in a row stand in everything but a short e-mail or address: six lines of seven stop here.
FOUR_IN_A_ROW = re.compile("[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]{4}")
SHORT_TRACE = re.compile("[@＠址室户房]")
# What each kind cannot be without; told in a microsecond a line, where its pattern takes twenty.
NUMBER_TRACE = re.compile(rf"[0-9]{{3}}[ ·.{_DASH}]?(?:[0-9]{{3}}|[0-9]{{2}}[ {_DASH}][0-9]{{4}})")
EMAIL_TRACE = re.compile(r"[@#]|[\[(（](?s:.)?[Aa][Tt]")
QQ_TRACE = re.compile("[Qq]|[扣企][扣鹅]")
WECHAT_TRACE = re.compile("[Vv薇]|[微威Ww+➕加](?:信|[XxEe])|[+➕加][Ww微]")

URL = re.compile(r"(?:https?://|www\.)[!-~]{1,2000}")

_GAP = rf"[ ·.{_DASH}]{{0,3}}"
_OPEN, _CLOSE = "[(（]?", "[)）]?"
_NOT_IN_NUMBER = rf"(?<![0-9_])(?<![0-9A-Za-z][.{_DASH}])"
# What a number counts or numbers when it stands right before one of these; no phone number does.
_COUNTED = r"(?!\d|\.\d|[元亿万股吨户个期株件票米辆份台年月]|号(?!码)|公里|千瓦|美元|港元|平方|立方|次|人(?!工))"

#: Before a run of digits that is the number of a thing: 编号15012345678.
NUMBERED = re.compile(
    r"(?:编号|单号|订单|证号|批号|批次|代码|(?<!微信)ID|许可证|流水号|备案号?|文号|第)[号为：:\s]{0,3}$"
)

_PHONE_LABEL = (
    r"(?:电话|電話|热线|熱線|专线|專線|传真|傳真|致电|致電|拨打|撥打|请拨|来电|座机|固话|总机|總機|手机|手機|联系方式|聯繫方式"
    r"|联系人?|聯繫|咨询|諮詢|投诉|举报|报名|订餐|订票|预约|挂号|发行部|广告部|编辑部|办公室|客服|值班|(?i:tel|fax|phone|hotline)\.?)"
)
_AFTER_LABEL = r"(?:号码|號碼|号|专线)?(?:[（(][^（）()\n]{1,8}[）)])?[ \u3000:：为為是到至“\"'（(「]{0,4}"

_AREA = r"0(?:10|2\d|[3-9]\d\d)"
_SUBSCRIBER = rf"(?!(?:19|20)\d\d[ {_DASH}](?:19|20)\d\d)[1-9]\d{{2,3}}[ {_DASH}]?\d{{4}}"
_EXTENSION = (
    rf"(?: ?(?:[转轉](?:分机)?|分机|(?i:ext)\.?|#)[ :：]?\d{{1,6}}(?![\d{_DASH}])|[{_DASH}]\d{{3,4}}(?![\d{_DASH}]))?"
)
_CHINA = rf"{_OPEN}(?:\+86|0086|86(?=[ )）{_DASH}])){_CLOSE}{_GAP}"

MOBILE = re.compile(
    rf"{_NOT_IN_NUMBER}(?:{_OPEN}(?:\+|00)?86{_CLOSE}{_GAP})?"
    rf"1[3-9]\d(?:[ ·{_DASH}]?\d{{4}}[ ·{_DASH}]?\d{{4}}|\d[ ·{_DASH}]\d{{4}}[ ·{_DASH}]\d{{3}})(?!\d)"
)
#: Numbers that their own form gives away.
PHONE = re.compile(
    rf"{_NOT_IN_NUMBER}(?:"
    rf"{_CHINA}{_OPEN}0?(?:10|2\d|[3-9]\d\d){_CLOSE}{_GAP}{_SUBSCRIBER}{_EXTENSION}"
    rf"|(?:[(（]{_AREA}[)）]|{_AREA}){_GAP}{_SUBSCRIBER}{_EXTENSION}"
    rf"|[48]00(?=\d{{0,4}}[ {_DASH}])(?:[ {_DASH}]?\d){{7}}{_EXTENSION}"
    rf"|(?:\+|00)(?!86)[1-9]\d{{0,2}}(?:[ {_DASH}]{_OPEN}\d{{1,4}}{_CLOSE}){{1,5}}(?:\d{{4}})?"
    rf"|\+(?:85[23]|886)\d{{8,9}}"
    rf")(?!\d)"
)
#: Numbers that need a label before them: 电话：67950012.
LABELLED_PHONE = re.compile(
    rf"{_PHONE_LABEL}{_AFTER_LABEL}"
    rf"((?:{_OPEN}0\d{{1,3}}{_CLOSE}[ {_DASH}]{{1,2}})?(?:{_SUBSCRIBER}|(?<=[ {_DASH}])\d{{3,4}}[ {_DASH}]?\d{{4}})"
    rf"{_EXTENSION}|[48]00\d{{7}}{_EXTENSION}){_COUNTED}"
)
#: A second number after a first one: 67950012、67950013.
NEXT_PHONE = re.compile(rf"(?:[ 、,，/／;；|]|或者?|和|及|与){{1,3}}([2-9]\d{{6,7}}{_EXTENSION}){_COUNTED}")
COUNTED = re.compile(_COUNTED)
DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
PHONE_LABELLED = re.compile(rf"{_PHONE_LABEL}{_AFTER_LABEL}$")
#: Words that may stand glued before a number; other letters make it part of a code.
GLUED = re.compile(r"(?i:tel|fax|phone|mobile|mob|cell|hotline)$")

#: What stands for an @; `#` only where the page says that it does.
EMAIL_SIGN = re.compile(r"@| ?[\[(（]\s?at\s?[\])）] ?|#", re.IGNORECASE)
HASH_MEANS_AT = re.compile(r"#[^\n]{0,3}[换改替為为][^\n]{0,4}@")
EMAIL_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}$")
EMAIL_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}([A-Za-z]{2,24})(?![A-Za-z0-9])")
#: `logo@2x.png` is a file.
FILE_ENDINGS = frozenset(["png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "ico", "css", "js", "html", "htm", "php"])

_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
ID_CARD = re.compile(rf"(?<![0-9A-Za-z])[1-8]\d{{5}}[ -]?(?:18|19|20)\d\d{_DAY}[ -]?\d{{3}}[0-9Xx](?![0-9A-Za-z])")
#: The form before 1999, without year hundreds and without a check digit: only after its label.
OLD_ID_CARD = re.compile(rf"(?:身份|证件|证号|證|号)[^\d\n]{{0,6}}([1-8]\d{{5}}\d\d{_DAY}\d{{3}})(?!\d)")

# Looked for from every digit that may begin one: the end of a phone number before it is tried, and takes nothing.
CARD_DIGITS = re.compile(
    r"(?<![0-9A-Za-z.-])(?=(\d{16,19}(?!\d)|\d{6}[ -]\d{10,13}|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?"
    r"|\d{5}(?:[ -]\d{5}){2}[ -]\d{1,4}|\d{4,6}(?:[ -]\d{4,6}){2,3})(?![0-9A-Za-z])(?!\.\d))"
)
CARD_LABEL = re.compile(r"(?:卡|[账帐]号|[账帐]户|帳號|帳戶)[^\d\n]{0,8}$")
#: First digits of UnionPay, Visa, Mastercard, JCB and the debit cards from before 2003.
CARD_BEGINS = re.compile(r"62|4|5[1-5]|35[2-8]|60|9558")

QQ = re.compile(
    r"(?:(?<![A-Za-z])(?:QQ|Q Q|qq|Qq|[Qq](?=[群:：]))|扣扣|企鹅号?)"
    r"(?:讨论组|交流群|读者|群|号码|号|客服|咨询|热线|联系){0,3}(?:\d(?=[:：]))?"
    r"(?:[（(](?:群?号码?|QQ)?)?[)）]?[ \u3000:：为是“\"]{0,3}([1-9]\d{4,10})"
    rf"{_COUNTED}(?![版A-Za-z])"
)
NEXT_QQ = re.compile(rf"(?:[ 、,，/／;；]|或|和){{1,2}}([1-9]\d{{5,10}}){_COUNTED}")

#: A label, what joins it, and an identifier. 公众号 does not join: it is a public channel, like a web address.
WECHAT = re.compile(
    r"(加?)(微信(?:号码|号|號|ID|id)?|[薇威vV]信号?|[+加➕][VvWw微薇]|[Vv薇](?=[:：])"
    r"|(?<![A-Za-z0-9])(?:VX|vx|Vx|WX|wx|[Ww]e[Cc]hat)(?: ?(?:ID|id|号))?)"
    r"([ \u3000:：为是“\"（(]{0,4})([A-Za-z][A-Za-z0-9_-]{5,19})(?![A-Za-z0-9_@.-])(?!版)"
)
#: Before 微信 these ask to write to somebody: the identifier may then be plain letters.
WECHAT_CONTACT = re.compile(r"(?:报料|爆料|投稿|客服|小编|商务|合作|联系|咨询|添加|个人)$")

_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE = re.compile(
    rf"[{_PROVINCE}][A-HJ-NP-Z](?<![北南东]京[A-Z])[ ·•.‧・-]?"
    r"(?:[A-HJ-NP-Z0-9]{4}[港澳学警挂试超领]|[A-HJ-NP-Z0-9]{5,6})(?![A-Za-z0-9])"
)
EMBASSY_PLATE = re.compile(r"[牌车][^\n]{0,6}?((?<!大)使\d{6})(?!\d)")

#: What stands before 地址 when letters reach somebody there; 活动地址 and 下载地址 do not.
_CONTACT = (
    "联系|聯繫|聯絡|通讯|通信|通訊|办公|辦公|邮寄|郵寄|公司|单位|学校|医院|酒店|门店|收货|收件|寄件|家庭|户籍|户口|居住|现住"
    "|本报|本社|本台|报社|总部|编辑部|注册|详细|具体|现|总社|社"
)
ADDRESS_LABEL = re.compile(
    rf"(?:(?:(?<![\u4e00-\u9fff])|(?<=的)|(?:{_CONTACT}))地 ?址|社址|住址|(?<![A-Za-z])[Aa]ddress)"
    r"([ \u3000:：为（(]{0,3})"
)
ADDRESS_CHUNK = re.compile(r"[^\s，。；;、,|｜/／（）()！？“”<>：:]{2,60}")
#: Glued to the end of an address.
NEXT_LABEL = re.compile(
    r"邮编|郵編|邮政编码|联系|电话|電話|热线|传真|手机|总机|邮箱|网址|收件人|收信人|版权|备案|主办|(?i:tel|fax|e-?mail|zip|post)"
)
ADDRESS_PLACE = re.compile(r"[路街道巷弄段村镇乡组里院园厦座楼苑城区县市]")
ADDRESS_STREET = re.compile("[路街道巷村镇乡]|大厦|广场")
ADDRESS_NUMBER = re.compile(
    r"(?:\d|[一二三四五六七八九十甲])[\d之附-]{0,6}(?:号|號|组|楼|樓|室|层|弄|栋|幢|座|院)|村.组"
)
#: In running text only what leads to a door is somebody's address: 家住花园路18号3栋2单元501室.
DOOR = re.compile(
    r"(?:家住|现住|租住在?|居住在|住在?|寄[到往至]|送[到至])((?:[\u4e00-\u9fff]{1,20})(?:路|街|巷|弄|道|村|区|园|里|苑|庄|镇|乡|胡同)"
    r"[\u4e00-\u9fffA-Za-z0-9-]{0,24}?(?:\d{1,4}(?:室|户|号房)|(?:单元|栋|幢)\d{3,4}(?![\d室])))"
)

#: What no line with personal data is without, whatever its kind; also in the words of RE2, by which Arrow looks at many
#: lines at once.
TRACE = "|".join(
    [
        *(trace.pattern for trace in (WIDE, EMAIL_TRACE, NUMBER_TRACE, QQ_TRACE, WECHAT_TRACE)),
        f"[{_PROVINCE}][A-HJ-NP-Z]|使[0-9]{{6}}|址|ddress|[住寄送].*[室户房元栋幢]",
    ]
)
