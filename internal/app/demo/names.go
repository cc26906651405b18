package demo

import "strings"

// Stems of towns and streets. They were compared with a public list of divisions:
// no town, street, county or city of that list bears one of them.
var stems = strings.Fields(`
菊溪 星塔 翠坝 莲里 禾峪 桐湾 兰峪 榕寨 磨洲 白渠 芦湾 雨泽 青井 竹坡 碾坪 窑坊 杏溪 橹湖 月坪 月庄 枫埠 粟里 雁坊 槐庄 碧亭
菊渡 渔坊 春原 柳泽 莲墩 柳坊 榕湾 舟泽 霁潭 鹊坪 霜泉 霁峪 渡塘 星峪 九塘 菊垸 砚汀 鹊阁 书渡 陶坊 鹭洲 鹿渡 砚里 松埠
荷渠 麦原 云阁 春铺 翠井 陶墩 碧湾 露溪 莲汀 烟湾 翠湾 月畈 半泉 竹寨 梅原 桑浦 鼓桥 青桥 织堰 帆峪 桑港 枫潭 粟庄 椿渚 书岭
砚坞 枫峪 月湾 柳渚 兰洲 榆垸 柳亭 燕屯 晴铺 钟亭 稻圩 棠寨 鹤渡 鹊湖 翠泉 枫坝 鼓渡 燕港 苇桥 澄川 鹊湾 樟岙 桐圩 麦坞 稻渠
鹿岭 莲川 稻坊 梅汊 梨津 星渠 榆里 粟岭 荷津 枫泉 樟庄 露湾 柳坳 槐津 窑庄 枫浦 稻原 雁坡 桐坊 燕铺 柳屯 松屯 碧坞 鹭寨 双川
茶寨 棠塔 杏泉 青泽 琴坡 荷塔 苇埠 粟寨 笛桥 望塘 澄渡 丹浦 榆坝 竹岭 澄洲 枫冲 桑里 兰坞 墨津 云坊 禾垸 麦里 织港 禾堰 莲亭
露潭 丹桥 渔铺 鹤汀 双畈 鹊坞 春湖 茶湾 兰泽`)

var surnames = strings.Fields(`王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧
程 曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 万 段 章 钱 汤 尹 黎 易 常 武 乔 贺 赖 龚 文`)

var givenFirst = strings.Fields(`国 建 志 文 玉 秀 桂 春 明 永 德 家 庆 兴 佩 宝 淑 雪 月 素 瑞 兆 贵 广 世 光 成 根 良 树 惠 金 银 美 巧 凤 福 水 锦 其`)

var givenSecond = strings.Fields(`良 兰 英 华 芳 梅 珍 琴 娥 莲 生 发 旺 祥 林 松 山 海 波 涛 江 平 安 和 顺 昌 荣 福 全 才 仁 义 礼 信 学 勤 芬 萍 霞 云 仙 娟 珠 清`)

// famous are combinations that the lists could make and that people know.
var famous = map[string]bool{"孔德才": true, "马玉涛": true, "郭德林": true, "马德华": true, "武国华": true, "李德生": true,
	"陈永贵": true, "李文华": true, "陈春生": true, "张国荣": true, "王宝华": true, "李玉琴": true, "马金凤": true, "李世江": true, "张国清": true,
	"王国生": true, "江文全": true, "张德江": true, "王志信": true, "刘永福": true, "王光英": true, "王光美": true, "陈永仁": true}

// person is a name that nobody in the city bears yet.
func (m *maker) person() string {
	for {
		n := m.pick(surnames) + m.pick(givenFirst) + m.pick(givenSecond)
		if r := []rune(n); !m.taken[n] && !famous[n] && r[1] != r[2] {
			m.taken[n] = true
			return n
		}
	}
}

// stem is the name of a place without its kind: 稻香 of 稻香镇.
func stem(name string) string {
	for _, kind := range []string{"街道", "镇", "乡", "区", "县", "市", "省"} {
		if s, ok := strings.CutSuffix(name, kind); ok {
			return s
		}
	}
	return name
}
