"""Words that tell what a line could be: features of the model, one a group of alternatives."""

# Words of one line are alternatives: one feature a line. A word only says what a line could be; which words matter, the
# training finds out. Simplified and traditional forms stand together.
_WORDS = """\
记者|記者 编辑|編輯|责编 来源|來源 责任 摄|攝 图|圖 作者|撰 原标题|原題 版权|版權|著作权 声明|聲明 转载|轉載
ICP|备案|許可|许可证 举报|舉報 电话|電話|热线|熱線 邮箱|@|email 地址 关键词|關鍵字|标签|標籤|tags
上一篇|下一篇|上一页|下一页|下一頁 相关|相關 推荐|推薦 热门|熱門|热点|排行 最新 更多 评论|評論 回复|回覆|回復
网友|網友|跟贴|跟帖 赞|讚|顶|踩 点击|點擊|阅读|閱讀|浏览|瀏覽 分享 微信|微博|facebook|line 客户端|客戶端|app
扫|掃|二维码 登录|登入|登錄 注册|註冊 首页|首頁 返回|回到 搜索|搜尋 广告|廣告 专题|專題 视频|視頻|影音
图片|圖片|图集 网|網 报|報 社|訊 讯 电|電 日 月 年 时|時 分 前 今天|昨天|近日|日前 http|www|.com 公司 有限
主办|承办|主管|运营 《 “ 「 ？|? ！|! （|( 【 ： > »|＞ %|％ 0人|参与 楼 发布|發布|发表 订阅|訂閱|关注|關注
收藏 打印|列印 字号|字體|大 中 小 我 你 他 的 了 说|說|表示|称 是 在 不 吗|呢|啊|吧 哈|呵 网站|網站|本网|本站
法律|违法|不良 服务|服務 联系|聯絡|合作 关于|關於 招聘|人才 地图|地圖 社区|论坛|博客 股|基金|指数 新闻|新聞
财经|財經 第"""
WORDS = tuple(_WORDS.split())
#: Every word, in lower case, with its place in WORDS. A word that stands in two groups counts for the last.
NUMBER_OF_WORD = {word.lower(): i for i, words in enumerate(WORDS) for word in words.split("|")}
