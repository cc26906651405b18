// Package citizen reads the number of a resident's identity card (GB 11643): eighteen places, of which the last proves the others. Whoever
// types one digit wrong, or turns two about, is told.
package citizen

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// CheckDigit is the last place of a number of which the first seventeen are digits.
func CheckDigit(first string) byte {
	sum, weight := 0, 1
	for i := 16; i >= 0; i-- {
		weight = weight * 2 % 11
		sum += int(first[i]-'0') * weight
	}
	return "10X98765432"[sum%11]
}

// Number is a number as it was typed, in plain digits and a capital X; "" when it is none. Spaces, dashes and letters of full width are nothing against it.
func Number(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, norm.NFKC.String(text))
	if len(text) != 18 || strings.Trim(text[:17], "0123456789") != "" || CheckDigit(text) != text[17] {
		return ""
	}
	return text
}
