package scenarios

import (
	"fmt"
	"slices"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// An Authorisation says what a site allows. See Grants.
type Authorisation struct {
	As      string            // Own, Permission, PublicEnquiry; empty: no record
	By      string            // who gave the permission
	On      string            // when, as written: 2026-11-01
	Grant   []evidence.Effect // beyond what As allows by itself
	Sandbox bool              // payment goes to a sandbox
	Pos     Pos
}

// What an authorisation rests on.
const (
	Own           = "own"            // we operate the site
	Permission    = "permission"     // its owner agreed
	PublicEnquiry = "public-enquiry" // only what any shopper may ask or look at
)

// Grants reports whether an effect is allowed at the site. If it is not, the
// text names the rule that forbids it and the place of the record:
//
//	effect       own                    permission   public-enquiry
//	enquiries¹   yes                    yes          yes
//	accounts²    yes                    if granted   no
//	orders³      if granted, sandbox    if granted   never
//
// ¹ send-mail, submit-form, open-chat, call, fill-checkout, subscribe
// ² register, log-in, change-account
// ³ place-order, pay, decline-card
func (a Authorisation) Grants(e evidence.Effect) (bool, string) {
	ok, why := a.rule(e)
	if !ok && a.Pos.File != "" {
		why = a.Pos.String() + ": " + why
	}
	return ok, why
}

// GrantsTo reports whether an effect is allowed to a kind of probes at the site.
// Where nobody gave leave, a newsletter is for a kind that leaves it again.
func (a Authorisation) GrantsTo(k probes.Kind, e evidence.Effect) (bool, string) {
	ok, why := a.Grants(e)
	if ok && e == evidence.Subscribe && a.As == PublicEnquiry && (k.Correspondence == nil || k.Correspondence.FollowUp == nil) {
		ok, why = false, fmt.Sprintf("public-enquiry allows a newsletter only where it is left again, and a %s probe never leaves it: write `kind: newsletter`", k.Name)
		if a.Pos.File != "" {
			why = a.Pos.String() + ": " + why
		}
	}
	return ok, why
}

func (a Authorisation) rule(e evidence.Effect) (bool, string) {
	granted := slices.Contains(a.Grant, e)
	switch a.As {
	case Own, Permission, PublicEnquiry:
	default:
		return false, "the site has no authorisation record: add `authorisation: {as: …}` to it, one of own, permission, public-enquiry"
	}
	switch e {
	case evidence.SendMail, evidence.SubmitForm, evidence.OpenChat, evidence.Call, evidence.FillCheckout, evidence.Subscribe:
		return true, ""
	case evidence.Register, evidence.LogIn, evidence.ChangeAccount:
		switch {
		case a.As == PublicEnquiry:
			return false, fmt.Sprintf("public-enquiry does not allow %s: accounts are for your own sites and those whose owner agreed", e)
		case a.As == Permission && !granted:
			return false, fmt.Sprintf("the permission does not cover %s: if its owner agreed to that, add it to `grant`", e)
		}
		return true, ""
	case evidence.PlaceOrder, evidence.Pay, evidence.DeclineCard:
		switch {
		case a.As == PublicEnquiry:
			return false, fmt.Sprintf("public-enquiry never allows %s", e)
		case !granted:
			return false, fmt.Sprintf("%s is allowed only where it is granted: add it to `grant`", e)
		case a.As == Own && !a.Sandbox:
			return false, fmt.Sprintf("%s needs a payment sandbox: set `sandbox: true` once payments go to one", e)
		}
		return true, ""
	}
	return false, fmt.Sprintf("no rule allows the effect %q", e)
}
