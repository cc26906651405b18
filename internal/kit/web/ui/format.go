package ui

import (
	"strconv"
	"strings"
)

// Number writes n with a comma between thousands from 1,000.
func Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	if len(s) <= 3 {
		return sign + s
	}
	var b strings.Builder
	head := len(s) % 3
	b.WriteString(s[:head])
	for i := head; i < len(s); i += 3 {
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(s[i : i+3])
	}
	return sign + b.String()
}

// Fen writes an amount of money given in fen: from 10,000 yuan on in 万元 with at
// most two decimals, else in 元 with at most two. Halves round away from zero.
func Fen(fen int64) (text, unit string) {
	if fen >= 1_000_000 || fen <= -1_000_000 {
		return decimal(fen, 1_000_000), "万元"
	}
	return decimal(fen, 100), "元"
}

// FenEn writes an amount of money given in fen in yuan, for English pages.
func FenEn(fen int64) (text, unit string) { return decimal(fen, 100), "yuan" }

// Money is Fen or FenEn by language.
func Money(lang string, fen int64) (text, unit string) {
	if lang == "en" {
		return FenEn(fen)
	}
	return Fen(fen)
}

// Hours writes minutes as hours, to the hundredth: 90 is 1.5.
func Hours(minutes int64) string { return decimal((minutes*100+30)/60, 100) }

// decimal writes n/scale with at most two decimals (scale is a power of ten of
// at least 100).
func decimal(n, scale int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	step := scale / 100
	hundredths := (n + step/2) / step
	s := Number(hundredths / 100)
	if r := hundredths % 100; r != 0 {
		s += "." + strings.TrimRight(string([]byte{byte('0' + r/10), byte('0' + r%10)}), "0")
	}
	if s == "0" {
		return s
	}
	return sign + s
}

// Percent writes a share given in tenths of a per cent: 580 is 58%, 583 is 58.3%.
func Percent(tenths int64) string {
	sign := ""
	if tenths < 0 {
		sign, tenths = "-", -tenths
	}
	s := sign + Number(tenths/10)
	if r := tenths % 10; r != 0 {
		s += "." + strconv.FormatInt(r, 10)
	}
	return s + "%"
}
