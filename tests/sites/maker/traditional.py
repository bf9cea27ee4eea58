"""Traditional characters, one for one, for those that the sentences of the generator use."""

PAIRS = (
    "万萬 与與 专專 业業 举舉 书書 务務 云雲 价價 优優 众眾 会會 体體 关關 内內 写寫 决決 况況 别別 办辦 动動 区區 协協 单單 历歷 县縣 双雙 发發 变變 号號 后後 员員 园園 国國 图圖 坚堅 处處 复復 实實 审審 "
    "对對 属屬 岗崗 应應 开開 归歸 录錄 当當 径徑 征徵 态態 总總 户戶 执執 护護 报報 据據 挂掛 数數 无無 时時 机機 权權 条條 构構 档檔 桥橋 枫楓 检檢 栏欄 点點 现現 电電 畅暢 监監 确確 碍礙 稳穩 类類 级級 "
    "纠糾 纳納 纸紙 组組 织織 经經 结結 统統 继繼 续續 维維 编編 缴繳 网網 罚罰 职職 联聯 范範 获獲 补補 规規 见見 计計 订訂 认認 训訓 议議 讲講 许許 讼訟 设設 访訪 评評 诉訴 话話 询詢 语語 说說 请請 读讀 "
    "质質 费費 责責 较較 过過 进進 适適 钩鉤 链鏈 错錯 镇鎮 门門 问問 阅閱 队隊 页頁 项項 领領 题題 额額 台臺 产產 标標 严嚴 环環 农農 乡鄉 转轉 难難 达達 邮郵 顾顧 约約 谈談 拟擬 签簽 销銷 启啟 络絡 参參 "
    "种種 线線 听聽 热熱 宽寬 证證 调調 满滿 没沒 为為 从從 义義 则則 导導 齐齊 险險 击擊 减減 "
)
TABLE = {ord(pair[0]): pair[1] for pair in PAIRS.split()}


def convert(text):
    """The text in traditional characters."""
    return text.translate(TABLE)
