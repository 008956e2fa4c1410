package web

import (
	"context"

	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

// mistaken finds the form as the goal does, fills it in rightly, and then sends
// it with one mistake after another, as a step that tries a form: what it says
// to each is noted. A form that takes a mistake has been sent, and is left.
func (k *seeker) mistaken(ctx context.Context, e evidence.Effect, plan fillPlan, suits func(driver.Form, []find.Guess) float64) Finding {
	_, f, err := k.stand(ctx)
	if err != nil {
		return k.unable(ctx, err)
	}
	if f.State != Reached {
		return f
	}
	if k.v.t.Persona.Email == "" {
		return k.nobody(f)
	}
	k.begin(e)
	p := k.v.tab.Page()
	if p == nil {
		return k.unable(ctx, driver.ErrClosed)
	}
	form, err := k.form(ctx, p, suits)
	if err != nil {
		return k.unable(ctx, err)
	}
	plan.Forms = []int{form.Ref}
	if _, _, err := k.v.fillForm(ctx, p, plan); err != nil {
		return k.unable(ctx, err)
	}
	// A page that complains is often drawn anew: the form is known again by
	// what a person would call one of its fields.
	var at *Locator
	for _, x := range form.Fields {
		if x.Hidden != "" || x.Disabled || x.Tag != "textarea" && x.Tag != "input" {
			continue
		}
		if l, ok := p.Where(ctx, x.Ref); ok && (at == nil || x.Tag == "textarea") {
			at = &l
		}
	}
	if at == nil {
		f.State, f.Evidence.Why = Broken, "no field of the form can be told from all others of the page"
		return f
	}
	if err := k.do(ctx, Step{Try: &Try{Form: *at}, Effect: e}); err != nil {
		return k.unable(ctx, err)
	}
	f.Path = append(f.Path, "fill in the form and send it with mistakes")
	f.Evidence.Why = "the form was found, and tried with mistakes"
	return f
}
