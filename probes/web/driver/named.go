package driver

import (
	"context"
	"fmt"
)

// A Named is a visible control that can be used by its number.
type Named struct {
	Ref   int    `json:"ref"`
	Role  string `json:"role"`
	Name  string `json:"name"`
	Field bool   `json:"field"` // it takes a number
}

// Locator gives what acts on it.
func (h Named) Locator() Locator { return Locator{Ref: h.Ref, Role: h.Role, Name: h.Name} }

// Handles finds the visible links and buttons of the page's own frame whose
// name matches words, or whose address, class or name attribute matches marks
// where they have no name in letters; and the number fields whose label or name
// matches fields. The patterns are JavaScript's, and case does not matter.
func (p *Page) Handles(ctx context.Context, words, marks, fields string) ([]Named, error) {
	var list []Named
	return list, p.quick(ctx, p.main, fmt.Sprintf(`((words, marks, fields, t) => {
		const {select, visible, name, tidy, about} = t.kit, W = new RegExp(words, 'iu'), M = new RegExp(marks, 'iu'), F = new RegExp(fields, 'iu');
		const own = e => ['href', 'class', 'name', 'id', 'title', 'value'].map(a => e.getAttribute(a) || '').join(' ');
		const fit = e => { const n = tidy(name(e)); return /\p{L}{2}/u.test(n) ? n.length < 80 && W.test(n) : M.test(own(e)) || W.test(e.title || '') };
		return [
			...select('a[href],button,input[type=submit],input[type=button],input[type=image],[role=button]').filter(e => visible(e) && !e.matches(':disabled') && fit(e)),
			...select('input[type=number],input[type=text],input[type=tel]').filter(e => visible(e) && !e.readOnly && !e.matches(':disabled') && /^\d+$/.test(e.value) && (e.type === 'number' || F.test(about(e) + ' ' + name(e)))),
		].slice(0, 60).map(e => ({ref: t.ref(e), role: t.role(e), name: tidy(name(e)).slice(0, 80), field: e.localName === 'input' && !/^(submit|button|image)$/.test(e.type)}));
	})(%s, %s, %s, __touchstone)`, quote(words), quote(marks), quote(fields)), &list)
}
