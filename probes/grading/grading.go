// Package grading is the verdict of an analyst on a whole site, such as the
// studies of 1999 and 2000 gave. Nothing is visited: gradings are brought.
package grading

import (
	"errors"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// Kind makes the kind.
func Kind() probes.Kind {
	return probes.Kind{
		Name:   "grading",
		About:  "An analyst's verdict on a whole site, brought by `touchstone import`.",
		Task:   "grading",
		Params: struct{}{},
		Facts: []evidence.FactDef{
			{Name: "grading.grade", Unit: evidence.Text, Meaning: "the grade, by a label of the scorecard: excellent, good, …"},
			{Name: "grading.points", Unit: evidence.Ratio, Meaning: "the verdict in points of 100"},
		},
		Infer: infer,
	}
}

func infer(o *evidence.Observation) error {
	_, grade := o.Fact("grading.grade")
	points, ok := o.Fact("grading.points")
	switch {
	case !grade && !ok && (o.Outcome == "" || o.Outcome.Testable()):
		return errors.New("a grading gives grading.grade or grading.points")
	case ok && points.Number > 100:
		return errors.New("grading.points are points of 100")
	}
	return nil
}
