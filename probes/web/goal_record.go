package web

import (
	"encoding/json"
	"fmt"
	"strings"

	"touchstone/internal/evidence"
	"touchstone/probes/web/find"
)

// surely is the confidence from which an absence counts against the site:
// below it, the goal was not found by us, which is no proof that it is not
// there.
const surely = .6

// judged records what became of a scenario's goal, and gives the visit's
// ending: nil where it was reached.
func (v *visit) judged(end error) error {
	if end != nil || len(v.found) != 1 {
		return end
	}
	f := v.found[0]
	v.seeker.nearest()
	v.rec.Text("goal.name", f.Goal)
	v.rec.Text("goal.state", string(f.State))
	v.rec.Flag("goal.reached", f.State == Reached)
	v.rec.Number("goal.confidence", f.Confidence)
	if m, ok := find.Measured(f.Goal); ok && m.There > 0 {
		v.rec.Number("goal.recall", float64(m.Reached)/float64(m.There))
		v.rec.Number("goal.recall-shops", float64(m.There))
	}
	v.rec.Number("goal.clicks", float64(f.Clicks))
	v.rec.Number("goal.backtracks", float64(f.Backtracks))
	if len(f.Path) > 0 {
		v.rec.Text("goal.path", v.mask.hide(strings.Join(f.Path, " → ")))
	}
	if held := v.seeker.held; held != nil {
		v.rec.Flag("goal.pinned", *held && f.State == Reached)
	}
	if f.URL != "" {
		v.rec.Text("goal.url", f.URL)
	}
	if keep := recorded[f.Goal]; keep != nil && f.State != NotGranted {
		keep(v.seeker)
	}
	why := v.mask.hide(f.Evidence.Why)
	v.rec.Text("goal.why", why)
	switch f.State {
	case Reached:
		return nil
	case Blocked:
		return &ending{evidence.Blocked, why}
	case NotGranted:
		return &ending{evidence.NotGranted, why}
	case Absent:
		if f.Confidence >= surely {
			return &ending{evidence.Failed, fmt.Sprintf("%s: not there (%.0f %% sure): %s", f.Goal, 100*f.Confidence, why)}
		}
		return &ending{evidence.Broken, fmt.Sprintf("%s: not found by us, which does not prove that it is not there: %s", f.Goal, why)}
	}
	return &ending{evidence.Broken, why}
}

// nearest tells the visit how near the start page a form and a number stand that
// the search has seen: it may have come to them by a way round.
func (k *seeker) nearest() {
	s := k.v.sight
	form, _ := find.Named("submit-contact-form")
	for _, pl := range k.places {
		if a, ok := form.Arrived(pl.page); ok && pl.depth >= 0 && s.formAt >= 0 {
			s.formAt = min(s.formAt, pl.depth+count(a.Opener != 0))
		}
		if pl.depth > 1 || pl.depth < 0 {
			continue
		}
		for _, n := range pl.page.Phones() {
			s.phone = max(s.phone, prominence(placed(n.Area == find.Header), pl.depth))
		}
	}
}

// recorded keep what a goal has read beyond its finding.
var recorded = map[string]func(*seeker){
	"price-check":      (*seeker).recordPrices,
	"leave-and-return": (*seeker).recordReturns,
	"answer-question":  (*seeker).recordAnswers,
}

// askingFacts are what the goals answer-question and submit-contact-form record.
var askingFacts = []evidence.FactDef{
	{Name: "goal.questions", Unit: evidence.Count, Meaning: "Routine questions that the visit looked for answers to. This and the next come of the goal answer-question alone."},
	{Name: "goal.questions-answered", Unit: evidence.Count, Meaning: "Of them, those that a sentence on some page answers."},
	{Name: "web.form-taken", Unit: evidence.Bool, Meaning: "Of the goal submit-contact-form: the page showed that the form which was sent was taken. Absent where none was sent, and where the page complained."},
}

func (k *seeker) recordAnswers() {
	k.v.rec.Number("goal.questions", float64(len(find.Questions())))
	k.v.rec.Number("goal.questions-answered", float64(len(k.v.found[0].Evidence.Answers)))
}

// findings gives what became of the goals as JSON, nil for a visit without.
func (v *visit) findings() ([]byte, error) {
	if len(v.found) == 0 {
		return nil, nil
	}
	b, err := json.MarshalIndent(v.found, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the findings: %w", err)
	}
	return []byte(v.mask.hide(string(b))), nil
}
