package web

import (
	"context"
	"fmt"
	"strings"
	"time"

	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

// drawn reports whether a field is a list that a script draws: a button that
// opens it, as the ARIA practices' select-only combobox.
func drawn(f *find.Field) bool {
	return f.Role == "combobox" && f.Tag != "select" && f.Tag != "input" && f.Tag != "textarea"
}

// unchosen reports whether a field holds nothing yet; a list that a script draws
// may ask to choose where its entry will stand.
func unchosen(f *find.Field) bool {
	return !f.Filled || drawn(f) && asksToChoose.MatchString(folded(f.Shows))
}

// A notOffered error says that a list has no entry that answers it.
type notOffered struct {
	what find.Purpose
	list []find.Option
}

func (e *notOffered) Error() string {
	var labels []string
	for _, o := range e.list[:min(len(e.list), 3)] {
		labels = append(labels, clipped(o.Label))
	}
	return fmt.Sprintf("the persona's %s is not offered, but %s", e.what, strings.Join(labels, ", "))
}

// opening is how long a list that a script draws may take to open, or to close.
const opening = 2 * time.Second

// pickFrom opens a list that a script draws, reads what it offers, and presses
// the entry that answers it. One without an answer is closed again.
func (f *filling) pickFrom(ctx context.Context, a *act, at driver.Locator) error {
	if err := f.v.click(ctx, f.p, &Step{Click: &at}); err != nil {
		return err
	}
	entries, refs, err := f.entries(ctx, true)
	if err != nil {
		return err
	}
	n, right := f.answers.choice(&find.Field{Options: entries}, a.guess.Purpose)
	if n < 0 || !right && !a.Required {
		err = &notOffered{a.guess.Purpose, entries}
	} else {
		err = f.v.click(ctx, f.p, &Step{Click: &Locator{Ref: refs[n], Role: "option", Name: entries[n].Label}})
	}
	if err != nil {
		if _, closing := f.p.Press(ctx, "Escape", f.v.looking(ctx, f.p, f.v.guard)); closing != nil {
			return closing
		}
	}
	// It goes away in its own time, and lies over the next field until then.
	if _, _, closing := f.entries(ctx, false); closing != nil {
		return closing
	}
	return err
}

// entries waits until the entries of a list are shown, or are no more, and gives
// them with the page's numbers for them.
func (f *filling) entries(ctx context.Context, shown bool) (list []find.Option, refs []int, err error) {
	for begun := time.Now(); ; {
		view, err := f.p.View(ctx, func([]string) bool { return false })
		if err != nil {
			return nil, nil, err
		}
		list, refs = nil, nil
		for _, c := range view.Controls {
			if c.Role == "option" && !c.Hidden && c.Tag != "option" && c.Name != "" {
				list, refs = append(list, find.Option{Label: c.Name, Value: c.Name, Disabled: c.Disabled}), append(refs, c.Ref)
			}
		}
		if (len(list) > 0) == shown || time.Since(begun) > opening {
			return list, refs, nil
		}
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return nil, nil, err
		}
	}
}
