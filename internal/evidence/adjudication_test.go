package evidence

import (
	"slices"
	"testing"
)

func TestParseFact(t *testing.T) {
	for _, c := range []struct {
		unit     Unit
		in, want string // "" for an error
	}{
		{Bool, "yes", "yes"}, {Bool, "True", "yes"}, {Bool, "0", "no"}, {Bool, "perhaps", ""},
		{Second, "90", "90"}, {Second, "36h", "129600"}, {Second, "2d", "172800"}, {Second, "1.5d", "129600"}, {Second, "-3", ""}, {Second, "-3h", ""}, {Second, "soon", ""}, {Second, "NaNd", ""}, {Second, "1e300d", ""},
		{Count, "3", "3"}, {Count, "3.5", ""}, {Count, "-1", ""}, {Count, "NaN", ""},
		{Ratio, "-2.25", "-2.25"}, {Ratio, "Inf", ""}, {Milli, "12.5", "12.5"}, {Byte, "x", ""},
		{Time, "2026-11-02T15:04:00+01:00", "2026-11-02T14:04:00Z"}, {Time, "today", ""}, {Text, "any words", "any words"},
	} {
		f, err := ParseFact(FactDef{Name: "x", Unit: c.unit}, c.in)
		if c.want == "" && err == nil || c.want != "" && (err != nil || f.Value() != c.want || f.Unit != c.unit) {
			t.Errorf("%s %q: %q, %v; want %q", c.unit, c.in, f.Value(), err, c.want)
		}
		if again, err := ParseFact(FactDef{Name: "x", Unit: c.unit}, f.Value()); c.want != "" && (err != nil || again != f) {
			t.Errorf("%s %q does not survive its own form: %+v, %v", c.unit, c.in, again, err)
		}
	}
}

func TestCorrect(t *testing.T) {
	p := ProbeID{Wave: "w", Site: "s", Scenario: "a", Repeat: 1}
	o := Observation{
		Probe: p, Reading: "mail/2", Outcome: Silent, Reason: "no answer", Missing: []string{"mail.apology"},
		Facts:    []Fact{{Name: "mail.words", Number: 9, Unit: Count}, {Name: "mail.after", Step: "reply-2", Number: 60, Unit: Second}, {Name: "mail.courtesy", Number: 1, Unit: Bool}},
		Evidence: map[string]Ref{"reply-2.eml": "ab"},
	}
	said := []Adjudication{
		{N: 1, Probe: p, Item: "outcome", Machine: "silent", Value: "failed", By: "R1", Why: "first"},
		{N: 2, Probe: p, Item: "outcome", Machine: "silent", Value: "blocked", By: "R2", Why: "then"},
		{N: 3, Probe: p, Item: "mail.words", Unit: Count, Machine: "9", Value: "12", By: "R1"},
		{N: 4, Probe: p, Item: "mail.apology", Unit: Bool, Machine: NoValue, Value: "yes", By: "R1"},
		{N: 5, Probe: p, Item: "mail.courtesy", Unit: Bool, Machine: "yes", Value: NoValue, By: "R1"},
		{N: 6, Probe: p, Mail: "ab", Step: "reply-1", Item: "mail.after", Unit: Second, Machine: "60", Value: "90", By: "R1"}, // it was reply-1 then
		{N: 7, Probe: ProbeID{Wave: "w", Site: "s", Scenario: "a", Repeat: 2}, Item: "mail.words", Unit: Count, Machine: "9", Value: "1", By: "R1"},
		{N: 8, Probe: p, Mail: "ab", Item: "class", Machine: "human", Value: "bulk", By: "R1"},
	}
	got := Correct(o, said)
	if got.Outcome != Blocked || got.Reason != "then (corrected by R2)" {
		t.Errorf("%s, %q", got.Outcome, got.Reason)
	}
	want := []Fact{{Name: "mail.words", Number: 12, Unit: Count}, {Name: "mail.after", Step: "reply-2", Number: 90, Unit: Second}, {Name: "mail.apology", Number: 1, Unit: Bool}}
	if !slices.Equal(got.Facts, want) || !slices.Equal(got.Missing, []string{"mail.courtesy"}) {
		t.Errorf("facts %+v, missing %v", got.Facts, got.Missing)
	}
	if o.Outcome != Silent || o.Facts[0].Number != 9 || len(o.Facts) != 3 || o.Missing[0] != "mail.apology" {
		t.Errorf("the reading itself was changed: %+v", o)
	}
	// the earlier word stands no more, whatever its order in the list
	slices.Reverse(said)
	if got := Correct(o, said); got.Outcome != Blocked {
		t.Errorf("%s", got.Outcome)
	}
	if n := len(Standing(said)); n != 7 {
		t.Errorf("%d stand, want 7", n)
	}
	if n := len(Words(said)); n != 8 {
		t.Errorf("%d words of two reviewers, want 8", n)
	}
}
