package web

import (
	"context"
	"fmt"
	"strings"

	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

// A member is a customer whom the visit has registered: it knows no other's
// password.
type member struct {
	password string
	home     *place // where the registration ended
	in       bool   // logged in
	finding  Finding
}

// register opens an account.
func (k *seeker) register(ctx context.Context) Finding {
	if k.member != nil {
		return k.member.finding // a checkout had asked for it
	}
	password := passwordOf(k.v.t.Random)
	f, r := k.sendOff(ctx, evidence.Register, fillPlan{Account: true, Password: password}, registers)
	if r.taken {
		k.member = &member{password: password, home: r.at, in: true, finding: f}
	}
	return f
}

// registers suits a form that opens an account.
func registers(f driver.Form, g []find.Guess) float64 {
	made := has(f, g, find.ForNewPassword, find.ForPasswordAgain)
	any := made + has(f, g, find.ForPassword)
	who := has(f, g, find.ForGiven, find.ForFamily, find.ForFullName, find.ForStreet, find.ForCity, find.ForPostcode, find.ForNickname)
	if any == 0 || f.Search || has(f, g, find.ForEmail, find.ForUsername)+who == 0 {
		return 0
	}
	s := .1 + float64(who)/4 + float64(made)
	for _, b := range f.Buttons {
		l := find.ReadLabel(b.Name)
		s += l[find.Register] - l[find.LogIn]
	}
	return max(s, 0)
}

// asMember does what needs an account: it opens one where the visit has none.
// The finding is that of what failed.
func (k *seeker) asMember(ctx context.Context) *Finding {
	if k.member != nil {
		return nil
	}
	defer k.errand("register")()
	f := k.register(ctx)
	if f.State == Reached && k.member != nil {
		return nil
	}
	f.Evidence.Why = "no account could be opened: " + f.Evidence.Why
	return &f
}

// logIn leaves the account and comes in again.
func (k *seeker) logIn(ctx context.Context) Finding {
	if f := k.asMember(ctx); f != nil {
		return *f
	}
	if k.member.in {
		if err := k.logOut(ctx); err != nil {
			return k.unable(ctx, err)
		}
	}
	// What was seen while logged in is not what a visitor sees now.
	k.places, k.here, k.tried = nil, nil, map[string]bool{}
	if err := k.start(ctx); err != nil {
		return k.unable(ctx, err)
	}
	f, r := k.sendOff(ctx, evidence.LogIn, fillPlan{Password: k.member.password, Login: k.v.t.Persona.Email}, logsIn)
	if r.taken && r.at != nil && !exits(r.at.page) && asksPassword(r.at.page) {
		f.State, f.Evidence.Why = Broken, "the form that asks for the password is still there"
	}
	k.member.in = f.State == Reached
	return f
}

// logsIn suits a form that asks who one is and for one password.
func logsIn(f driver.Form, g []find.Guess) float64 {
	secrets := has(f, g, find.ForPassword, find.ForCurrentPassword, find.ForNewPassword)
	if secrets != 1 || f.Search || has(f, g, find.ForGiven, find.ForFamily, find.ForStreet, find.ForPasswordAgain) > 0 {
		return 0
	}
	s := 1.0
	for _, b := range f.Buttons {
		l := find.ReadLabel(b.Name)
		s += l[find.LogIn] - l[find.Register]
	}
	return max(s, .1)
}

// asksPassword reports whether a page still asks for one's password.
func asksPassword(p *find.Page) bool {
	g, _ := find.Named("log-in")
	_, ok := g.Arrived(p)
	return ok
}

// exits reports whether a page offers to log out.
func exits(p *find.Page) bool { return exit(p) != nil }

func exit(p *find.Page) *find.Control {
	var best *find.Control
	most := .5
	for i := range p.Controls {
		c := &p.Controls[i]
		if s := max(p.Labels[i][find.LogOut], .9*p.Paths[i][find.LogOut]); s > most && !c.Disabled {
			best, most = c, s
		}
	}
	return best
}

// logOut presses what leaves the account.
func (k *seeker) logOut(ctx context.Context) error {
	if k.stale {
		if _, err := k.look(ctx, nil, ""); err != nil {
			return err
		}
	}
	for _, at := range []*place{k.here, k.member.home, k.places[0]} {
		if at == nil {
			continue
		}
		now, err := k.back(ctx, at)
		if err != nil {
			continue
		}
		c := exit(now.page)
		if c == nil {
			continue
		}
		if strings.HasPrefix(c.Href, "http") && c.Hidden {
			err = k.v.jump(ctx, k, c.Href)
		} else {
			err = k.do(ctx, Step{Click: &Locator{Ref: c.Ref, Role: c.Role, Name: c.Name}, Effect: evidence.LogIn})
		}
		k.stale = true
		if err != nil {
			return err
		}
		k.member.in = false
		return nil
	}
	return fmt.Errorf("nothing was found that leaves the account")
}

// inside searches from where the registration ended: what an account holds is
// seen there.
func (k *seeker) inside(ctx context.Context) *Finding {
	if f := k.asMember(ctx); f != nil {
		return f
	}
	if !k.member.in {
		f := Finding{State: Broken, Path: []string{}, Evidence: Proof{Why: "the visit has left its account, and could not come in again"}}
		return &f
	}
	if _, err := k.back(ctx, k.member.home); err != nil {
		f := k.unable(ctx, err)
		return &f
	}
	return nil
}

// changeAddress writes the persona's address into the account.
func (k *seeker) changeAddress(ctx context.Context) Finding {
	if f := k.inside(ctx); f != nil {
		return *f
	}
	f, _ := k.sendOff(ctx, evidence.ChangeAccount, fillPlan{}, func(f driver.Form, g []find.Guess) float64 {
		if has(f, g, find.ForStreet, find.ForPostcode, find.ForCity) < 2 || f.Search {
			return 0
		}
		return 1
	})
	return f
}

// changePassword gives the account another password.
func (k *seeker) changePassword(ctx context.Context) Finding {
	if f := k.inside(ctx); f != nil {
		return *f
	}
	next := passwordOf(k.v.t.Random + 1)
	f, r := k.sendOff(ctx, evidence.ChangeAccount, fillPlan{Account: true, Password: k.member.password, Answers: map[find.Purpose]string{
		find.ForCurrentPassword: k.member.password, find.ForPassword: next, find.ForNewPassword: next, find.ForPasswordAgain: next,
	}}, func(f driver.Form, g []find.Guess) float64 {
		if n := has(f, g, find.ForCurrentPassword, find.ForPassword, find.ForNewPassword, find.ForPasswordAgain); n >= 2 && has(f, g, find.ForStreet) == 0 {
			return float64(n)
		}
		return 0
	})
	if r.taken {
		k.member.password = next
	}
	return f
}
