"""The roles and coarse labels in one line each, for the card; `data_cards/ROLES.md` has the whole guideline."""

from builder.records import LABELS

#: Role -> meaning in Chinese and in English.
ROLE_MEANINGS: dict[str, tuple[str, str]] = {
    "title": ("本页文章的标题，每一处显示都算", "headline of the page's own article, wherever it is shown"),
    "subtitle": ("引题、副题、栏目名", "kicker, deck or column name beside the headline"),
    "meta": ("发布行：来源、时间、作者、阅读数", "publication line: outlet, time, author, counts"),
    "lede": ("导语：首段，或正文前的摘要", "first paragraph of the text, or a summary before it"),
    "body": ("其余各段正文", "every other paragraph of the text"),
    "subhead": ("正文内的小标题", "heading inside the text"),
    "caption": ("图片、视频、图表的说明", "caption of a picture, video or chart"),
    "credit": ("文末的编辑、来源、原标题", "editor, source or original headline after the text"),
    "notice": ("声明与启事：版权、爆料、推广、备案", "notices: rights, tip lines, promotion, registration"),
    "related": ("相关与推荐的其他稿件、标签", "other stories, related or recommended, and topic tags"),
    "nav": ("站点框架：菜单、按钮、分享、翻页", "the site's frame: menus, buttons, sharing, paging"),
    "comment": ("读者评论及其框架", "what readers wrote, and the lines around it"),
}

#: Role -> what is taken for it and is none, with its own role.
NOT_THE_ROLE: dict[str, tuple[str, str]] = {
    "title": ("面包屑、列表里的同名链接（`nav`、`related`）", "a link that repeats it (`nav`, `related`)"),
    "subtitle": ("正文里的小标题（`subhead`）", "a heading inside the text (`subhead`)"),
    "meta": ("文末的记者、编辑（`credit`）", "reporter and editor after the text (`credit`)"),
    "lede": ("只有记者名或电头的首行（`meta`）", "a first line of byline or dateline alone (`meta`)"),
    "body": ("单独成行的文末来源（`credit`）", "a source on a line of its own at the end (`credit`)"),
    "subhead": ("采访提问（`body`）", "questions of an interview (`body`)"),
    "caption": ("推荐位图片下的标题（`related`）", "the headline under a picture in a list (`related`)"),
    "credit": ("作者卡片上的粉丝数和关注按钮（`nav`）", "counts and buttons on an author card (`nav`)"),
    "notice": ("全是链接的一行（`nav`）", "a line of links only (`nav`)"),
    "related": ("友情链接（`nav`）", "links to partner sites (`nav`)"),
    "nav": ("评论里的“回复”“赞”（`comment`）", "reply and like inside comments (`comment`)"),
    "comment": ("空评论框（`nav`）；评论守则（`notice`）", "the empty form (`nav`); rules for comments (`notice`)"),
}

#: Coarse label -> meaning in Chinese and in English.
LABEL_MEANINGS: dict[str, tuple[str, str]] = dict(
    zip(
        LABELS,
        [
            ("标题", "headline"),
            ("导语", "lede"),
            ("正文", "running text"),
            ("文末", "what closes the article"),
            ("其他", "everything else"),
        ],
        strict=True,
    )
)

#: What each kind of personal data is: Chinese, English.
KIND_MEANINGS = {
    "phone": ("固定电话、服务热线、传真", "landline, service line, fax"),
    "mobile": ("手机号", "mobile number"),
    "email": ("电子邮箱", "e-mail address"),
    "qq": ("QQ 号、QQ 群", "QQ number or group"),
    "wechat": ("微信号", "WeChat id"),
    "id_card": ("身份证号（校验位）", "ID number (with its checksum)"),
    "bank_card": ("银行卡号（Luhn 校验）", "bank card (with Luhn's check)"),
    "plate": ("车牌", "licence plate"),
    "address": ("联系地址、门牌住址", "contact address, address of a door"),
}
