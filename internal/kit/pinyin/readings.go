package pinyin

import (
	"strings"
	"unicode/utf8"
)

// characters whose reading in names is not the first one of the dictionary.
var characters = map[rune]string{
	'长': "chang", '都': "du", '佛': "fo", '勒': "le", '曾': "zeng", '翟': "zhai", '卜': "bu", '仇': "qiu", '缪': "miao",
	'厦': "xia", '陂': "pi", '覃': "qin",
}

// words are places, and what stands in names of units, that a reading by single characters gets wrong.
var words, longest = parse(`
重庆 chong qing|重阳 chong yang|重九 chong jiu|重建 chong jian
乐清 yue qing|乐亭 lao ting|乐陵 lao ling|音乐 yin yue
蚌埠 beng bu|六安 lu an|六合 lu he|铅山 yan shan|番禺 pan yu|大埔 da bu|单县 shan xian|东莞 dong guan|台州 tai zhou
会稽 kuai ji|会计 kuai ji|浚县 xun xian|荥经 ying jing|蔚县 yu xian|大城县 dai cheng xian|解州 hai zhou|洪洞 hong tong|繁峙 fan shi
莘庄 xin zhuang|东阿 dong e|筠连 jun lian|犍为 qian wei|涡阳 guo yang|涡河 guo he|宝坻 bao di|喀什 ka shi
尉犁 yu li|尉氏 wei shi|婼羌 ruo qiang|西藏 xi zang|藏族 zang zu|泌阳 bi yang|麻涌 ma chong|浒墅关 xu shu guan|浒湾 xu wan|浒浦 xu pu
枞阳 zong yang|中牟 zhong mu|牟平 mu ping|穆棱 mu ling|太行 tai hang|银行 yin hang|行业 hang ye|吴堡 wu bu|瓦窑堡 wa yao bu
栎阳 yue yang|龟兹 qiu ci|尖沙咀 jian sha zui|陆家嘴 lu jia zui|丽水 li shui|朝阳 chao yang|黄埔 huang pu|高要 gao yao
大厦 da sha|大夫 dai fu|仿佛 fang fu|调解 tiao jie|调整 tiao zheng|校对 jiao dui
家长 jia zhang|校长 xiao zhang|成长 cheng zhang|生长 sheng zhang|增长 zeng zhang|长大 zhang da|长者 zhang zhe|长辈 zhang bei|首长 shou zhang
队长 dui zhang|村长 cun zhang|会长 hui zhang|镇长 zhen zhang|乡长 xiang zhang|县长 xian zhang|市长 shi zhang|省长 sheng zhang|局长 ju zhang
院长 yuan zhang|站长 zhan zhang|班长 ban zhang|组长 zu zhang|部长 bu zhang|团长 tuan zhang|书长 shu zhang|处长 chu zhang|科长 ke zhang
`)

// surnames whose reading is not that of the character elsewhere.
var surnames, _ = parse(`
单 shan|区 ou|查 zha|朴 piao|盖 ge|解 xie|员 yun|召 shao|折 she|乐 yue|繁 po|秘 bi|种 chong|句 gou|黑 he
尉迟 yu chi|万俟 mo qi|长孙 zhang sun|澹台 tan tai|单于 chan yu|令狐 ling hu|夏侯 xia hou|皇甫 huang fu
`)

func parse(list string) (map[string][]string, int) {
	m, longest := map[string][]string{}, 0
	for entry := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == '|' || r == '\n' }) {
		word, reading, _ := strings.Cut(entry, " ")
		m[word] = strings.Fields(reading)
		longest = max(longest, utf8.RuneCountInString(word))
	}
	return m, longest
}
