package reports

import (
	"strings"

	"touchstone/internal/evidence"
)

// A FormSeen is what a visit met where it had to type: the fields that the
// shop shows, and what became of them.
type FormSeen struct {
	Visible   *int         `json:"visible,omitempty"`   // fields of the forms used; nil: not counted
	Required  *int         `json:"required,omitempty"`  // of the visible ones
	Prefilled *int         `json:"prefilled,omitempty"` // likewise, that held something when first seen
	Filled    *int         `json:"filled,omitempty"`    // likewise, that the visit filled, chose or ticked
	Retyped   *int         `json:"retyped,omitempty"`   // values typed once more into another field
	Fields    []FieldSeen  `json:"fields"`              // that the visit typed into or chose in, in its order
	Mistakes  []MistakeMet `json:"mistakes,omitempty"`  // made on purpose
}

// A FieldSeen is one that the visit used.
type FieldSeen struct {
	Step  int      `json:"step"`           // of the visit's steps, from 1: its picture stands in the film
	Words string   `json:"words"`          // what was done, in words
	Took  *float64 `json:"took,omitempty"` // s
}

// A MistakeMet is what the form said to a mistake; nil is what was not recorded.
type MistakeMet struct {
	Step    string `json:"step"` // names the mistake
	Shown   *bool  `json:"shown,omitempty"`
	Beside  *bool  `json:"beside,omitempty"`
	Words   *bool  `json:"words,omitempty"` // says what to do
	Tied    *bool  `json:"tied,omitempty"`
	Kept    *bool  `json:"kept,omitempty"` // the other fields held what they had held
	Message string `json:"message,omitempty"`
}

// form gathers it from a visit's facts, nil where it typed nothing.
func form(p Probe) *FormSeen {
	f := &FormSeen{Fields: []FieldSeen{}}
	for _, fact := range p.Facts {
		count := func() *int { n := int(fact.Number); return &n }
		switch fact.Name {
		case "web.fields-visible":
			f.Visible = count()
		case "web.fields-required":
			f.Required = count()
		case "web.fields-prefilled":
			f.Prefilled = count()
		case "web.fields":
			f.Filled = count()
		case "web.retyped":
			f.Retyped = count()
		default:
			f.mistake(fact)
		}
	}
	for i, frame := range p.Film {
		if strings.HasPrefix(frame.Words, "fill ") || strings.HasPrefix(frame.Words, "choose ") {
			f.Fields = append(f.Fields, FieldSeen{i + 1, frame.Words, frame.Took})
		}
	}
	if len(f.Fields) == 0 && len(f.Mistakes) == 0 {
		return nil
	}
	return f
}

func (f *FormSeen) mistake(fact evidence.Fact) {
	name, ok := strings.CutPrefix(fact.Name, "web.trial-")
	if !ok {
		return
	}
	at := len(f.Mistakes) - 1
	for at >= 0 && f.Mistakes[at].Step != fact.Step {
		at--
	}
	if at < 0 {
		at = len(f.Mistakes)
		f.Mistakes = append(f.Mistakes, MistakeMet{Step: fact.Step})
	}
	m, yes := &f.Mistakes[at], fact.Number != 0
	switch name {
	case "error-shown":
		m.Shown = &yes
	case "inline":
		m.Beside = &yes
	case "words":
		m.Words = &yes
	case "tied":
		m.Tied = &yes
	case "kept":
		m.Kept = &yes
	case "message":
		m.Message = fact.Text
	}
}
