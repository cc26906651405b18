package citizen

import "testing"

func TestNumber(t *testing.T) {
	for text, want := range map[string]string{
		"11010519491231002X":   "11010519491231002X", // of the standard
		"11010519491231002x":   "11010519491231002X",
		"110105 19491231 002X": "11010519491231002X",
		"１１０１０５１９４９１２３１００２Ｘ": "11010519491231002X",
		"440524188001010014":  "440524188001010014", // of the standard
		"110105194912310021":  "",                   // the last place is not its own
		"11010519491231020X":  "",                   // two turned about
		"11010519491231002":   "",
		"11010519491231002XX": "",
		"X1010519491231002X":  "",
		"一1010519491231002X":  "",
		"":                    "",
		"١١٠١٠٥١٩٤٩١٢٣١٠٠٢X":  "", // digits of another script
	} {
		if got := Number(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzNumber(f *testing.F) {
	f.Add("11010519491231002X")
	f.Fuzz(func(t *testing.T, text string) {
		if got := Number(text); got != "" && Number(got) != got {
			t.Errorf("%q is %q, which is none", text, got)
		}
	})
}
