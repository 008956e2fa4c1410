package find

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// What is said of a form, or of a field in it, beside its purpose.
const (
	saidAgain   Purpose = "again"
	saidNew     Purpose = "new"
	saidCurrent Purpose = "current"

	loginForm      Purpose = "login"
	signupForm     Purpose = "sign-up"
	resetForm      Purpose = "reset"
	newsletterForm Purpose = "newsletter-form"
)

// together looks at the fields of a form side by side, once each has been read
// by itself.
func together(all []reading) {
	dates(all)
	cardsOf(all)
	codes(all)
	names(all)
	streets(all)
	phones(all)
	emails(all)
	what := formOf(all)
	passwords(all, what)
	logins(all, what)
}

// has reports whether any of the fields has one of the purposes.
func has(all []reading, purposes ...Purpose) bool {
	return slices.ContainsFunc(all, func(r reading) bool { return slices.Contains(purposes, r.purpose) })
}

// nearby gives the fields at most n places from the i-th, itself aside.
func nearby(all []reading, i, n int) []reading {
	from, to := max(0, i-n), min(len(all), i+n+1)
	return slices.Concat(all[from:i], all[i+1:to])
}

var (
	births   = regexp.MustCompile(`birth|bday|\bdob\b|geburt|naissance|nacimiento|nascita|nascimento|urodz|fodsel|syntym|narozen`)
	expiries = regexp.MustCompile(`\bexp|expir|\bcc\b|card`)
)

// dates gives the parts of dates their date: a card's, or a birth's.
func dates(all []reading) {
	parts := map[Purpose][2]Purpose{forDay: {Unknown, ForBirthDay}, forMonth: {ForCardMonth, ForBirthMonth}, forYear: {ForCardYear, ForBirthYear}}
	for i := range all {
		r := &all[i]
		part := r.purpose
		// A part is often called by its whole: "Date of birth" over three lists.
		if r.purpose == ForBirthDate || r.purpose == ForCardExpiry || r.purpose == ForDate || r.purpose == Unknown {
			best, most := Unknown, .4
			for _, p := range []Purpose{forDay, forMonth, forYear} {
				if s := r.score[p]; s > most {
					best, most = p, s
				}
			}
			alone := !slices.ContainsFunc(nearby(all, i, 2), func(o reading) bool {
				return o.score[forDay]+o.score[forMonth]+o.score[forYear] > .4
			})
			if best == Unknown || alone && !r.pick() {
				continue
			}
			part = best
		}
		of, ok := parts[part]
		if !ok {
			continue
		}
		card, birth := r.score[ForCardExpiry]+r.score[ForCardNumber]/2, r.score[ForBirthDate]
		section := flat(r.Section)
		b := theFieldBook()
		if births.MatchString(r.called + " " + r.label) {
			birth++
		}
		if expiries.MatchString(r.called) {
			card++
		}
		if b.says(section, ForBirthDate) {
			birth++
		}
		if b.says(section, ForCardExpiry) || b.says(section, ForCardNumber) {
			card++
		}
		for _, o := range nearby(all, i, 3) {
			card += o.score[ForCardExpiry]/4 + o.score[ForCardNumber]/2 + o.score[ForCardCode]/2
			birth += o.score[ForBirthDate] / 4
			if o.pick() && o.score[forYear] > 1 && past(o.Options) {
				birth += 2
			}
			if o.purpose == forDay || o.score[forDay] > 1 {
				birth++
			}
		}
		if part == forYear && r.pick() {
			if past(r.Options) {
				birth += 3
			} else if r.score[forYear] >= byOptions {
				card += 2
			}
		}
		switch {
		case part == forDay && birth > .5:
			r.set(ForBirthDay, "a day beside a birth's month or year")
		case part == forDay:
			r.set(Unknown, "")
		case card > birth:
			r.set(of[0], "part of a card's expiry")
		case birth > .5:
			r.set(of[1], "part of a date of birth")
		default:
			r.set(Unknown, "")
		}
	}
}

// cardsOf reads what stands beside a card's number as the card's.
func cardsOf(all []reading) {
	if !has(all, ForCardNumber, ForCardCode) {
		return
	}
	for i := range all {
		r := &all[i]
		close := slices.ContainsFunc(nearby(all, i, 3), func(o reading) bool {
			return o.purpose == ForCardNumber || o.purpose == ForCardCode || o.purpose == ForCardExpiry
		})
		if !close {
			continue
		}
		card := theFieldBook().says(flat(r.Section), ForCardNumber) || strings.Contains(r.called, "card") || strings.Contains(r.called, "cc ") || r.score[ForCardHolder] > .3
		switch r.purpose {
		case ForFullName:
			if card || !has(all, ForStreet, ForGiven) {
				r.set(ForCardHolder, "a name beside a card's number")
			}
		case ForGiven:
			if card && strings.Contains(r.called, "card") || r.score[ForCardHolder] > .5 {
				r.set(ForCardGiven, "a name beside a card's number")
			}
		case ForFamily:
			if card && strings.Contains(r.called, "card") || r.score[ForCardHolder] > .5 {
				r.set(ForCardFamily, "a name beside a card's number")
			}
		case ForPassword:
			if has(all, ForCardNumber) && r.score[ForPassword] < 2 && r.MaxLength > 0 && r.MaxLength <= 4 {
				r.set(ForCardCode, "a short secret beside a card's number")
			}
		case ForOneTime:
			if r.score[ForCardCode] > 0 {
				r.set(ForCardCode, "a code beside a card's number")
			}
		}
	}
}

// codes finds the one-time code that is asked for digit by digit.
func codes(all []reading) {
	single := func(r *reading) bool { return r.MaxLength == 1 && !r.box() && !r.pick() && r.Type != "password" }
	for i := 0; i < len(all); {
		end := i
		for end < len(all) && single(&all[end]) {
			end++
		}
		if end-i >= 4 {
			for n := i; n < end; n++ {
				all[n].set(ForOneTime, fmt.Sprintf("one of %d fields of one character", end-i))
			}
		}
		i = end + 1
	}
}

// names tells a whole name from half of one, which many languages call just
// "name": Vorname and Name, nombre and apellidos, 姓 and 名.
func names(all []reading) {
	for i := range all {
		r := &all[i]
		if r.purpose != ForFullName || r.score[ForFullName] > 4.5 {
			continue
		}
		close := nearby(all, i, 2)
		given, family := has(close, ForGiven), has(close, ForFamily)
		switch {
		case given && !family:
			r.set(ForFamily, "a name beside a given name")
		case family && !given:
			r.set(ForGiven, "a name beside a family name")
		}
	}
	for i := range all {
		r := &all[i]
		// 姓 and 名 stand alone, too short to be looked for in every text.
		for _, text := range []string{r.label, flat(r.Placeholder)} {
			switch text {
			case "姓", "氏":
				r.set(ForFamily, "called 姓")
			case "名":
				r.set(ForGiven, "called 名")
			}
		}
		if r.score[ForNameSound] > .5 && (r.purpose == ForFullName || r.purpose == ForGiven || r.purpose == ForFamily) {
			r.set(ForNameSound, "the sound of a name")
		}
	}
}

// streets orders the lines of an address.
func streets(all []reading) {
	for i := range all {
		r := &all[i]
		before := func(p ...Purpose) bool {
			return i > 0 && slices.Contains(p, all[i-1].purpose) && all[i-1].Section == r.Section
		}
		switch {
		case r.purpose == ForStreet && !r.pick() && before(ForStreet) && all[i-1].Hidden == r.Hidden && sameWords(all[i-1].Field, r.Field):
			r.set(ForStreet2, "a second line of the street")
		case r.purpose == ForStreet && !r.pick() && before(ForStreet2) && i > 1 && all[i-2].purpose == ForStreet && sameWords(all[i-1].Field, r.Field):
			r.set(ForStreet3, "a third line of the street")
		case before(ForStreet) && (r.label == "nr" || r.label == "no" || r.label == "number" || r.label == "numero" || r.label == "nummer" || r.label == "n" || r.label == "numer" || r.label == "nº" || r.label == "cislo" || r.label == "numara" || strings.HasSuffix(r.called, "number") && !strings.Contains(r.called, "phone")) && !r.pick():
			r.set(ForHouseNumber, "a number beside a street")
		case r.purpose == ForStreet && r.MaxLength > 0 && r.MaxLength <= 6 && before(ForStreet):
			r.set(ForHouseNumber, "a short field beside a street")
		}
	}
}

// sameWords reports whether two fields are called alike but for a number: the
// lines of one street.
func sameWords(a, b *Field) bool {
	bare := func(s string) string { return strings.Trim(flatName(s), "0123456789 ") }
	return bare(a.Name) == bare(b.Name) || bare(a.ID) == bare(b.ID) || b.Label == "" && b.Near == "" && b.Placeholder == "" || flat(a.Label) == flat(b.Label) && a.Label != ""
}

// phones tells the parts of a number.
func phones(all []reading) {
	for i := range all {
		r := &all[i]
		prev := i > 0 && (all[i-1].purpose == ForPhone || all[i-1].purpose == ForPhoneArea || all[i-1].purpose == ForPhoneLocal)
		switch {
		case r.pick() && r.purpose == ForCountry && r.score[ForPhoneCountry] > 1:
			r.set(ForPhoneCountry, "a list of countries that is called a calling code")
		case r.pick() && r.purpose == ForPhone:
			r.set(Unknown, "") // a list cannot hold one: it is the number's kind
		case r.purpose == ForPhone && r.MaxLength > 0 && r.MaxLength <= 4 && !prev && i+1 < len(all) && all[i+1].purpose == ForPhone && all[i+1].MaxLength > 0 && all[i+1].MaxLength <= 8:
			r.set(ForPhoneArea, "the first of the short fields of a number")
		case r.purpose == ForPhone && r.MaxLength > 0 && r.MaxLength <= 8 && prev && all[i-1].MaxLength > 0 && all[i-1].MaxLength <= 4:
			r.set(ForPhoneLocal, "the next of the short fields of a number")
		}
	}
}

// emails finds the address that is asked for once more.
func emails(all []reading) {
	b, first := theFormBook(), -1
	for i := range all {
		r := &all[i]
		if r.purpose != ForEmail {
			continue
		}
		again := b.says(r.label, saidAgain) || b.says(flat(r.Placeholder), saidAgain) || b.says(r.called, saidAgain)
		if first >= 0 && again && i-first <= 4 {
			r.set(ForEmailAgain, "an e-mail address asked for again")
		} else {
			first = i
		}
	}
}

// formOf says what a form is for: logging in, signing up, a new password, a
// newsletter; Unknown where it is none of these, or nothing says.
func formOf(all []reading) Purpose {
	said := map[Purpose]float64{}
	b := theFormBook()
	hear := func(text string, weight float64, as ...Purpose) {
		for _, m := range b.mentions(text) {
			if slices.Contains([]Purpose{loginForm, signupForm, resetForm, newsletterForm}, m.purpose) {
				p := m.purpose
				if len(as) > 0 {
					if p == resetForm {
						p = loginForm // "Forgot your password?" stands where one logs in
					} else if p == loginForm {
						p = signupForm // "Have an account already? Log in"
					} else if p == signupForm {
						p = loginForm
					}
				}
				said[p] += weight
				weight /= 2
			}
		}
	}
	if len(all) > 0 && all[0].Form != nil {
		f := all[0].Form
		hear(flatName(f.Called), 2)
		hear(flat(f.Heading), 1.5)
		for i, t := range f.Buttons {
			if strings.HasSuffix(strings.TrimSpace(t), "?") { // "Forgot your password?" leads away as a link does
				hear(flat(t), .8, Unknown)
				continue
			}
			hear(flat(t), 2/float64(1+i))
		}
		for _, t := range f.Links {
			hear(flat(t), .8, Unknown)
		}
	}
	secrets, personal, identities := 0, 0, 0
	shown := slices.ContainsFunc(all, func(r reading) bool { return r.Hidden == "" })
	for i := range all {
		r := &all[i]
		if shown && r.Hidden != "" {
			continue
		}
		switch r.purpose {
		case ForPassword, ForNewPassword, ForCurrentPassword:
			secrets++
			switch text := r.label + " " + r.called + " " + flat(r.Placeholder); {
			case r.score[ForNewPassword] > 2:
				said[signupForm] += 2
			case b.says(text, saidNew), b.says(text, saidAgain):
				said[signupForm] += 1.5
			case r.score[ForCurrentPassword] > 2, b.says(text, saidCurrent):
				said[loginForm] += 1.2
			}
			hear(r.label, .5)
		case ForUsername, ForEmail:
			identities++
			// Its name often says which form it stands in: "loginEmail".
			hear(r.called, .7)
		case ForPhone:
			if has(all, ForEmail, ForUsername) {
				personal++
			} else {
				identities++
			}
		case ForGiven, ForFamily, ForFullName, ForBirthDate, ForBirthDay, ForBirthYear, ForStreet, ForPostcode, ForCountry, ForCompany, ForEmailAgain, ForGender:
			personal++
		case ForConsent, ForNewsletter:
			said[signupForm] += .5
		case ForRemember:
			said[loginForm] += 1.5
		}
	}
	switch {
	case secrets >= 2 && identities <= secrets:
		said[signupForm] += 2
	case secrets == 1 && personal == 0 && identities <= 1:
		said[loginForm] += 1.2
	}
	if identities > 1 && personal == 0 && secrets == 1 {
		said[signupForm]++
	}
	if secrets == 1 && identities > 0 {
		said[resetForm] = 0 // who has forgotten the password is not asked for one
	}
	said[signupForm] += .8 * float64(min(personal, 3))
	said[loginForm] -= .8 * float64(min(personal, 3))
	best, most := Unknown, .6
	for _, p := range []Purpose{loginForm, signupForm, resetForm, newsletterForm} {
		if said[p] > most {
			best, most = p, said[p]
		}
	}
	return best
}

// passwords tells the one in force from one to be made, and from its repetition.
func passwords(all []reading, what Purpose) {
	b, last, secrets := theFormBook(), -1, 0
	for _, r := range all {
		if r.Type == "password" && (r.purpose == ForPassword || r.purpose == ForNewPassword || r.purpose == ForCurrentPassword) {
			secrets++
		}
	}
	known := slices.ContainsFunc(all, func(r reading) bool { return r.purpose == ForCurrentPassword })
	for i := range all {
		r := &all[i]
		if r.purpose != ForPassword && r.purpose != ForNewPassword && r.purpose != ForCurrentPassword {
			continue
		}
		text := strings.Join([]string{r.label, flat(r.Placeholder), r.called}, " ")
		again, made, old := b.says(text, saidAgain), b.says(text, saidNew), b.says(text, saidCurrent)
		switch {
		case again && last >= 0 && i-last <= 3:
			r.set(ForPasswordAgain, "a password asked for again")
		case r.purpose != ForPassword && !(r.purpose == ForCurrentPassword && (what == signupForm || what == resetForm) && !old && !known):
			// Its token says it.
		case old && !made && (what != signupForm || secrets > 1), what == loginForm && !made:
			r.set(ForCurrentPassword, "the password of whoever logs in")
		case made && what != loginForm, what == signupForm, what == resetForm:
			r.set(ForNewPassword, "a password for a new account")
		}
		last = i
	}
}

// logins finds who logs in: what stands before the password, whatever it is
// called, or the e-mail address of a form that asks for nothing else yet.
func logins(all []reading, what Purpose) {
	typed := func(r *reading) bool {
		return !r.box() && !r.pick() && r.Type != "password" && r.Tag != "textarea" && r.purpose != ForCaptcha && r.purpose != ForOneTime
	}
	secrets := 0
	for i := range all {
		r := &all[i]
		if r.purpose == ForEmail && r.score[ForUsername] > 1 && what != signupForm {
			r.set(ForUsername, "an e-mail address that is called a user name")
		}
		if r.purpose == ForUsername && what == signupForm && r.score[ForEmail] > 2 && !has(nearby(all, i, 4), ForEmail) {
			r.set(ForEmail, "the address of whoever signs up")
		}
		if r.purpose == ForCurrentPassword || r.purpose == ForPassword || r.purpose == ForNewPassword && what == loginForm {
			secrets++
		}
	}
	if what != loginForm && what != resetForm {
		return
	}
	for i := range all {
		r := &all[i]
		switch {
		case r.purpose == ForCustomer && secrets > 0 && !has(all, ForEmail, ForUsername):
			r.set(ForUsername, "a number to log in by")
		case secrets == 0 && r.purpose == ForEmail:
			r.set(ForUsername, "who logs in, by e-mail address")
		case secrets == 0 && r.purpose == ForPhone && !has(all, ForEmail, ForUsername):
			r.set(ForUsername, "who logs in, by telephone number")
		case r.Type == "password" && i > 0 && what == loginForm:
			before := i - 1
			for before > 0 && i-before < 3 && !typed(&all[before]) {
				before--
			}
			who := &all[before]
			if !typed(who) || slices.Contains([]Purpose{ForSearch, ForCoupon, ForUsername}, who.purpose) {
				continue
			}
			if who.purpose == ForEmail || who.purpose == ForPhone || secrets == 1 && !has(all, ForEmail, ForUsername) {
				who.set(ForUsername, "what stands before the password of whoever logs in")
			}
		}
	}
}
