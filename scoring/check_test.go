package scoring

import (
	"testing"

	"touchstone/internal/evidence"
)

func TestEvaluateNeverPassesWithoutAFigure(t *testing.T) {
	result := Result{
		Scorecard: Scorecard{Grades: []Grade{{"good", 60}, {"poor", 0}}},
		Sites: []SiteScore{{Site: "a", State: Scored, Score: 64, Grade: "good", Categories: []CategoryScore{
			{ID: "mail", State: Waiting, Reason: "1 open", Marks: []Mark{{Criterion: "speed", State: Scored, Score: 0.5}, {Criterion: "tone", State: NotMeasured, Reason: "blocked"}}},
		}}},
	}
	probe := func(scenario string, o evidence.Outcome, facts ...evidence.Fact) evidence.Observation {
		return evidence.Observation{Probe: evidence.ProbeID{Site: "a", Scenario: scenario, Repeat: 1}, Outcome: o, Facts: facts}
	}
	clicks := evidence.Fact{Name: "clicks", Number: 9, Unit: evidence.Count}
	obs := []evidence.Observation{
		probe("buy", evidence.Completed, clicks), probe("look", evidence.Blocked, clicks), probe("wait", evidence.Pending),
		probe("name", evidence.Completed, evidence.Fact{Name: "clicks", Text: "nine", Unit: evidence.Text}), probe("none", evidence.Failed),
	}
	for _, c := range []struct {
		check Check
		want  string
	}{
		{Check{Kind: "fact", Name: "clicks", Scenario: "buy", Op: "<=", Limit: 9, Unit: evidence.Count}, "passed"},
		{Check{Kind: "fact", Name: "clicks", Scenario: "buy", Op: "<", Limit: 9}, "failed"},
		{Check{Kind: "fact", Name: "clicks", Scenario: "buy", Op: "<", Limit: 9, Level: "warn"}, "warned"},
		{Check{Kind: "fact", Name: "clicks", Scenario: "buy", Op: "<", Limit: 9, Level: "off"}, "off"},
		{Check{Kind: "fact", Name: "clicks", Scenario: "buy", Op: "<=", Limit: 9, Unit: evidence.Second}, "inconclusive"},
		{Check{Kind: "fact", Name: "clicks", Scenario: "look", Op: "<=", Limit: 9}, "inconclusive"},
		{Check{Kind: "fact", Name: "clicks", Scenario: "wait", Op: "<=", Limit: 9}, "pending"},
		{Check{Kind: "fact", Name: "clicks", Scenario: "name", Op: ">=", Limit: 0}, "inconclusive"},
		{Check{Kind: "fact", Name: "clicks", Scenario: "none", Op: ">=", Limit: 0}, "inconclusive"},
		{Check{Kind: "fact", Name: "clicks", Scenario: "gone", Op: ">=", Limit: 0}, "inconclusive"},
		{Check{Kind: "total", Op: ">=", Limit: 64, Site: "elsewhere"}, "inconclusive"},
		{Check{Kind: "total", Op: ">=", Limit: 64}, "passed"},
		{Check{Kind: "total", Op: "!=", Limit: 64}, "failed"},
		{Check{Kind: "mark", Name: "speed", Op: "==", Limit: 50}, "passed"},
		{Check{Kind: "mark", Name: "tone", Op: ">=", Limit: 0}, "inconclusive"},
		{Check{Kind: "mark", Name: "speeed", Op: ">=", Limit: 0}, "inconclusive"},
		{Check{Kind: "category", Name: "mail", Op: ">=", Limit: 0}, "pending"},
		{Check{Kind: "grade", Op: ">=", Grade: "good"}, "passed"},
		{Check{Kind: "grade", Op: ">", Grade: "poor"}, "passed"},
		{Check{Kind: "grade", Op: "==", Grade: "poor"}, "failed"},
		{Check{Kind: "grade", Op: ">=", Grade: "splendid"}, "inconclusive"},
	} {
		got := Evaluate([]Check{c.check}, result, obs)
		if len(got) != 1 || got[0].State != c.want {
			t.Errorf("%+v: %+v, want %s", c.check, got, c.want)
		}
	}
}
