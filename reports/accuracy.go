package reports

import "touchstone/scoring"

// An Accuracy is one measured figure of how well the program reads: what a
// report that rests on its reading owes to those who believe it. It was measured
// on other data, most of it labelled by others, not on this wave.
type Accuracy struct {
	Read     string            `json:"read"`               // what is read: "class of a mail"
	Measure  string            `json:"measure"`            // what the figure is: "bounces found"
	Value    float64           `json:"value"`              // of 1
	N        int               `json:"n"`                  // rows of the data
	Interval *scoring.Interval `json:"interval,omitempty"` // where the value is a share of the n
	On       string            `json:"on"`                 // whose data
	Seen     bool              `json:"seen"`               // the rules were written with these rows in view: a figure on unseen ones is lower
	Command  string            `json:"command"`            // that prints it
	Page     string            `json:"page"`               // of the documentation, with what the figure leaves out
	Date     string            `json:"date"`               // when it was measured
}

// Accuracies are the figures of the pages that they name, in English; a test
// compares. What else is measured adds its lines here.
func Accuracies() []Accuracy {
	const day = "2026-11-23"
	reading := func(command, read, measure string, k, n int, on string, seen bool) Accuracy {
		s := share(k, n)
		return Accuracy{read, measure, s.Value(), n, s.Interval, on, seen, "go run ./internal/measure " + command, "docs/reading.md", day}
	}
	relevance := func(value float64, n int, on string) Accuracy {
		return Accuracy{"whether an answer answers", "a right reply is held nearer than a wrong one (AUC)", value, n, nil, on, false, "go run ./internal/measure answers", "docs/relevance.md", day}
	}
	visits := func(command, read, measure string, k, n int, on, page string) Accuracy {
		s := share(k, n)
		return Accuracy{read, measure, s.Value(), n, s.Interval, on, true, "go run ./internal/measure " + command, page, day}
	}
	strangers := func(measure string, k, n int) Accuracy {
		s := share(k, n)
		return Accuracy{"way to a goal in a shop", measure, s.Value(), n, s.Interval, "nine shops in further conventions, at the first look", false, "go test -run '^$' -bench Strangers -benchtime 1x ./probes/web", "docs/goals.md", day}
	}
	return []Accuracy{
		reading("own-words", "own words of a mail", "exactly the words that people marked", 194, 222, "mails to public lists (Apache)", true),
		reading("own-words", "own words of a mail", "exactly the words that people marked", 439, 500, "mails of a firm (Enron)", true),
		reading("mail-class", "class of a mail", "returned mails found", 113, 118, "1,964 mails, labelled by others", true),
		reading("mail-class", "class of a mail", "automatic acknowledgements found", 3, 3, "1,964 mails, labelled by others", true),
		reading("mail-class", "class of a mail", "people’s answers not taken for a machine’s", 612, 612, "1,964 mails, labelled by others", true),
		{"promise of an answer", "promises found and none invented (F1)", 0.877, 150, nil, "sentences in seven languages, at the first look", false, "go run ./internal/measure promises", "docs/reading.md", day},
		reading("promises", "promise of an answer", "the time that was promised, exactly", 129, 150, "sentences in seven languages, at the first look", false),
		relevance(0.991, 2900, "English replies, set “faq”: the half that nothing was fitted on"),
		relevance(0.952, 2673, "English replies, set “replies”: the half that nothing was fitted on"),
		relevance(0.806, 1335, "English replies, set “wrong-thread”: the half that nothing was fitted on"),
		relevance(0.772, 8763, "English replies, set “rated”: the half that nothing was fitted on"),
		visits("form-fields", "what a form’s field is for", "fields told as people told them", 1290, 1355, "forms of real sites, mostly for logging in and signing up", "docs/fields.md"),
		visits("goals", "way to a goal in a shop", "goals found that are there", 246, 247, "seventeen shops of our own, built by others than the search", "docs/goals.md"),
		visits("goals", "way to a goal in a shop", "goals not claimed that are not there", 25, 25, "seventeen shops of our own, built by others than the search", "docs/goals.md"),
		strangers("goals found that are there", 158, 177),
		strangers("goals not claimed that are not there", 37, 39),
	}
}

func (b *builder) accuracy() []Accuracy {
	list := Accuracies()
	for i, a := range list {
		list[i].Read, list[i].Measure, list[i].On = b.say(a.Read), b.say(a.Measure), b.say(a.On)
	}
	return list
}
