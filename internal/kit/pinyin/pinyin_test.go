package pinyin

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestKeys(t *testing.T) {
	for name, want := range map[string][2]string{
		"重庆": {"chongqing", "cq"}, "厦门": {"xiamen", "xm"}, "长乐": {"changle", "cl"}, "单县": {"shanxian", "sx"}, "长沙": {"changsha", "cs"},
		"重阳": {"chongyang", "cy"}, "乐清": {"yueqing", "yq"}, "蚌埠": {"bengbu", "bb"}, "六安": {"luan", "la"}, "台州": {"taizhou", "tz"},
		"铅山": {"yanshan", "ys"}, "番禺": {"panyu", "py"}, "大埔": {"dabu", "db"}, "东莞": {"dongguan", "dg"}, "成都": {"chengdu", "cd"},
		"佛山": {"foshan", "fs"}, "西藏": {"xizang", "xz"}, "长春": {"changchun", "cc"}, "乐山": {"leshan", "ls"}, "宝坻": {"baodi", "bd"},
		"广东省佛山市": {"guangdongshengfoshanshi", "gdsfss"}, "浒墅关镇": {"xushuguanzhen", "xsgz"}, "六盘水": {"liupanshui", "lps"},
		"家长学校": {"jiazhangxuexiao", "jzxx"}, "秘书长": {"mishuzhang", "msz"}, "单位": {"danwei", "dw"}, "关工委": {"guangongwei", "ggw"},
		"绿源 Ａ1号（东）": {"lvyuana1haodong", "lya1hd"}, "": {"", ""}, "—·！": {"", ""}, "\xff甘": {"gan", "g"}, "重": {"zhong", "z"},
	} {
		if full, initials := Keys(name); full != want[0] || initials != want[1] {
			t.Errorf("%s: %s %s", name, full, initials)
		}
	}
}

func TestPersonKeys(t *testing.T) {
	for name, want := range map[string][2]string{
		"单青禾": {"shanqinghe", "sqh"}, "仇远山": {"qiuyuanshan", "qys"}, "尉迟小满": {"yuchixiaoman", "ycxm"}, " 曾长庚": {"zengchanggeng", "zcg"},
		"区知春": {"ouzhichun", "ozc"}, "长孙禾": {"zhangsunhe", "zsh"}, "吕一苇": {"lvyiwei", "lyw"}, "单": {"shan", "s"}, "": {"", ""},
	} {
		if full, initials := PersonKeys(name); full != want[0] || initials != want[1] {
			t.Errorf("%s: %s %s", name, full, initials)
		}
	}
}

func TestSyllables(t *testing.T) {
	for name, want := range map[string]string{"重庆市关工委": "chong qing shi guan gong wei", "GOV项目 2019年": "gov xiang mu 2019 nian", "GOV 2019": "gov 2019", "Ａb-c": "ab c", "": "", "！": ""} {
		if got := strings.Join(Syllables(name), " "); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	for name, want := range map[string]string{"单青禾": "shan qing he", " 尉迟小满": "yu chi xiao man", "张三": "zhang san"} {
		if got := strings.Join(PersonSyllables(name), " "); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Each entry of the tables has one syllable for each character.
func TestTables(t *testing.T) {
	for _, table := range []map[string][]string{words, surnames} {
		for word, syllables := range table {
			if utf8.RuneCountInString(word) != len(syllables) {
				t.Errorf("%s: %v", word, syllables)
			}
		}
	}
	if len(words) < 60 || longest != 3 {
		t.Errorf("%d words, longest %d", len(words), longest)
	}
}
