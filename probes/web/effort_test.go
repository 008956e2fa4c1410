package web

import (
	"math"
	"strings"
	"testing"
	property "testing/quick"

	"touchstone/probes/web/driver"
)

func TestLostness(t *testing.T) {
	for _, c := range []struct {
		s, n, r int
		want    float64
	}{
		{9, 6, 3, 0.6009}, // Smith's own example
		{3, 3, 3, 0}, {1, 1, 1, 0}, {10, 5, 5, 0.5}, {4, 4, 2, 0.5},
		{2, 2, 5, 0}, // the author's fewest was too many
		{0, 0, 3, 0},
	} {
		if got := lostness(c.s, c.n, c.r); math.Abs(got-c.want) > 0.0001 {
			t.Errorf("S %d, N %d, R %d: %v, want %v", c.s, c.n, c.r, got, c.want)
		}
	}
}

// Whatever is visited, lostness lies in [0, √2), and going round once more
// never lowers it.
func TestLostnessProperties(t *testing.T) {
	f := func(s, n, r uint8) bool {
		visited, different, fewest := int(s)+1, int(n)%(int(s)+1)+1, int(r)+1
		l := lostness(visited, different, fewest)
		return l >= 0 && l < math.Sqrt2 && lostness(visited+1, different, fewest) >= l && (l == 0) == (visited == different && fewest >= different)
	}
	if err := property.Check(f, &property.Config{MaxCount: 5000}); err != nil {
		t.Error(err)
	}
}

func TestReadingGrade(t *testing.T) {
	easy := strings.Repeat("The cat sat on the mat. We like tea. ", 10)
	hard := strings.Repeat("Notwithstanding the aforementioned stipulations, international consumers are respectfully encouraged to familiarise themselves with applicable jurisdictional regulations governing merchandise. ", 4)
	e, ok1 := readingGrade(easy)
	h, ok2 := readingGrade(hard)
	if !ok1 || !ok2 || e > 3 || h < 18 {
		t.Errorf("easy %v (%v), hard %v (%v)", e, ok1, h, ok2)
	}
	// 0.39·(6+3)/2 + 11.8·9/9 − 15.59
	if want := 0.39*4.5 + 11.8 - 15.59; math.Abs(e-want) > 0.01 {
		t.Errorf("easy is %v, by hand %v", e, want)
	}
	if _, ok := readingGrade("Help\nContact us now\n" + strings.Repeat("Too short. ", 5)); ok {
		t.Error("a few words were graded")
	}
}

func FuzzReadingGrade(f *testing.F) {
	f.Add("We send it back. You pay nothing! Why? Because.")
	f.Add(strings.Repeat("wörter ohne ende \xff", 60))
	f.Add("\n\n?!.\n")
	f.Fuzz(func(t *testing.T, text string) {
		grade, ok := readingGrade(text)
		if math.IsNaN(grade) || math.IsInf(grade, 0) || !ok && grade != 0 {
			t.Errorf("%q: %v, %v", text, grade, ok)
		}
		// The formula's least: one-word sentences of one syllable.
		if ok && grade < 0.39+11.8-15.59 {
			t.Errorf("%q: %v is below what any text can have", text, grade)
		}
		if twice, again := readingGrade(text + "\n" + text); ok && (!again || math.Abs(twice-grade) > 1e-6) {
			t.Errorf("%q: %v, said twice %v", text, grade, twice)
		}
	})
}

func TestKeystrokeLevelModel(t *testing.T) {
	p := new(driver.Page)
	var o klm
	o.click()       // M P BB
	o.fill(5, p, 1) // M P BB H 5K
	o.fill(3, p, 1) // M K 3K: by the tabulator
	o.choose()      // M H P BB P BB
	o.press()       // M H K
	o.fill(2, p, 2) // M, another view: H P BB H 2K
	o.again()       // BB
	want := klm{k: 5 + 4 + 1 + 2, p: 1 + 1 + 2 + 1, b: 2 + 2 + 4 + 2 + 2, h: 1 + 1 + 1 + 2, m: 6}
	if o.k != want.k || o.p != want.p || o.b != want.b || o.h != want.h || o.m != want.m {
		t.Errorf("counted %+v, want %+v", o, want)
	}
	if s := o.seconds(); math.Abs(s-(12*.28+5*1.1+12*.1+5*.4+6*1.35)) > 1e-9 {
		t.Errorf("%v s", s)
	}
}

// A capital takes the shift key as well, as the model's authors count it.
func TestKeysOfATyping(t *testing.T) {
	for text, n := range map[string]int{"": 0, "anna": 4, "Anna Field": 12, "anna@example.net": 17, "Übermut": 8, "12 Rd": 6} {
		if got := keysOf(text); got != n {
			t.Errorf("%q takes %d keys, want %d", text, got, n)
		}
	}
}
