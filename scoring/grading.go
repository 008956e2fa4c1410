package scoring

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"touchstone/internal/evidence"
)

// brought begins the reading of every observation that was made elsewhere.
const brought = "import/"

// graded takes the verdict of analysts where a site has nothing but that, as
// in the study that gave grades and not its figures; s.Graded is empty where
// there is something to judge. Of several gradings the middle one stands, the
// worse of two; gates do not touch it. It gives the observations that are no
// gradings.
func graded(s SiteScore, card Scorecard, obs []evidence.Observation) ([]evidence.Observation, SiteScore) {
	var gradings, others []evidence.Observation
	for _, o := range obs {
		if o.Kind == "grading" {
			gradings = append(gradings, o)
		} else {
			others = append(others, o)
		}
	}
	if len(gradings) == 0 || len(others) > 0 {
		return others, s
	}
	type verdict struct {
		points float64
		grade  string
	}
	var verdicts []verdict
	var by []string
	for _, o := range gradings {
		if who, ok := o.Fact("import.by"); ok && !slices.Contains(by, who.Text) {
			by = append(by, who.Text)
		}
		if !o.Outcome.Testable() {
			s.Reason = cmp.Or(o.Reason, string(o.Outcome))
			continue
		}
		points, ok := o.Fact("grading.points")
		label, named := o.Fact("grading.grade")
		v := verdict{points.Number, grade(card.Grades, points.Number)}
		if named {
			at := slices.IndexFunc(card.Grades, func(g Grade) bool { return strings.EqualFold(g.Label, label.Text) })
			if at < 0 {
				s.Reason = fmt.Sprintf("the grade %q is none of scorecard %s", label.Text, card.ID)
				continue
			}
			v.grade = card.Grades[at].Label
			if !ok { // the middle of the grade's band
				top := 100.0
				if at > 0 {
					top = card.Grades[at-1].Min
				}
				v.points = (card.Grades[at].Min + top) / 2
			}
		}
		verdicts = append(verdicts, v)
	}
	s.Graded = cmp.Or(strings.Join(by, ", "), "an analyst")
	if len(verdicts) == 0 {
		s.State = NotMeasured
		return others, s
	}
	slices.SortStableFunc(verdicts, func(a, b verdict) int { return cmp.Compare(a.points, b.points) })
	v := verdicts[(len(verdicts)-1)/2]
	s.State, s.Score, s.Grade, s.Reason = Scored, v.points, v.grade, ""
	return others, s
}
