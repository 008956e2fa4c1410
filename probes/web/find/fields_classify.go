package find

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
)

// A Guess is what a field is taken to be for.
type Guess struct {
	Purpose    Purpose `json:"purpose"`
	Address    string  `json:"address"`    // whose: "billing" or "shipping", empty where nothing says
	Confidence float64 `json:"confidence"` // from 0 to 1
	Why        string  `json:"why"`        // what spoke for it, the strongest first
}

// Classify says what each field of a form is for, in their order. It goes by
// the page's own autocomplete token (WHATWG HTML, "Autofill detail tokens"),
// type, label, name, id, placeholder, neighbouring words and options, and then
// by the company that a field keeps: what stands before it, and what the form
// is for. It is pure: the same form gives the same guesses.
func Classify(form []Field) []Guess {
	all := make([]reading, len(form))
	for i := range form {
		all[i] = read(&form[i])
		all[i].decide()
	}
	together(all)
	guesses := make([]Guess, len(form))
	for i := range all {
		guesses[i] = all[i].guess()
	}
	return guesses
}

// A reading is what the signs of one field say.
type reading struct {
	*Field
	score   map[Purpose]float64
	notes   map[Purpose][]note
	purpose Purpose
	address string
	label   string // folded: label, else the words near it
	called  string // folded: name and id
	because string // what the company of the field changed
}

type note struct {
	weight float64
	text   string
}

// The weights of the signs: how far each is to be believed. A token was written
// for programs to read; a label for people; a name for the shop's own program.
const (
	byToken       = 3.0
	byLabel       = 2.0
	byPlaceholder = 1.7
	byName        = 1.5
	byID          = 1.2
	byNear        = 1.3
	byTitle       = .7
	byOptions     = 2.5
	byHint        = .2
	weakly        = .45 // of it for a weak word
	second        = .45 // of it for what is not the first thing said
	enough        = .5  // below it nothing is claimed
)

func (r *reading) add(p Purpose, weight float64, format string, args ...any) {
	r.score[p] += weight
	r.notes[p] = append(r.notes[p], note{weight, fmt.Sprintf(format, args...)})
}

func read(f *Field) reading {
	r := reading{Field: f, score: map[Purpose]float64{}, notes: map[Purpose][]note{}}
	r.label = flat(cmp.Or(f.Label, f.Near))
	r.called = flatName(f.Name) + " " + flatName(f.ID)
	r.token()
	r.kind()
	r.words("label", f.Label, byLabel)
	r.words("placeholder", f.Placeholder, byPlaceholder)
	r.words("words near it", f.Near, byNear)
	r.words("title", f.Title, byTitle)
	r.words("hint", f.Hint, byHint)
	r.name("name", f.Name, byName)
	if flatName(f.ID) != flatName(f.Name) {
		r.name("id", f.ID, byID)
	} else {
		r.name("id", f.ID, byID/4)
	}
	r.example()
	r.list()
	return r
}

// tokens are the field names of the HTML standard's autofill.
var tokens = map[string]Purpose{
	"name": ForFullName, "honorific-prefix": ForPrefix, "given-name": ForGiven, "additional-name": ForAdditional, "family-name": ForFamily, "honorific-suffix": ForSuffix, "nickname": ForNickname,
	"organization": ForCompany, "organization-title": ForDepartment, "street-address": ForStreet, "address-line1": ForStreet, "address-line2": ForStreet2, "address-line3": ForStreet3,
	"address-level1": ForState, "address-level2": ForCity, "country": ForCountry, "country-name": ForCountry, "postal-code": ForPostcode,
	"tel": ForPhone, "tel-national": ForPhone, "tel-country-code": ForPhoneCountry, "tel-area-code": ForPhoneArea, "tel-local": ForPhoneLocal, "tel-extension": ForPhoneExtra, "email": ForEmail,
	"username": ForUsername, "current-password": ForCurrentPassword, "new-password": ForNewPassword, "one-time-code": ForOneTime,
	"cc-name": ForCardHolder, "cc-given-name": ForCardGiven, "cc-family-name": ForCardFamily, "cc-number": ForCardNumber, "cc-exp": ForCardExpiry, "cc-exp-month": ForCardMonth, "cc-exp-year": ForCardYear, "cc-csc": ForCardCode, "cc-type": ForCardType,
	"bday": ForBirthDate, "bday-day": ForBirthDay, "bday-month": ForBirthMonth, "bday-year": ForBirthYear, "sex": ForGender, "url": ForWebsite, "transaction-amount": ForAmount,
}

// token reads the autocomplete attribute. Many pages write words into it that
// are no tokens, to keep browsers out; those that are a name speak as one.
func (r *reading) token() {
	for t := range strings.FieldsSeq(strings.ToLower(r.Autocomplete)) {
		switch {
		case t == "billing" || t == "shipping":
			r.address = t
		case t == "fax":
			r.add(ForFax, byToken, "autocomplete %q", t)
		case tokens[t] != Unknown:
			r.add(tokens[t], byToken, "autocomplete %q", t)
		case len(t) > 5 && len(t) < 40:
			r.name("autocomplete", t, byID/2)
		}
	}
	if r.address == "" {
		for _, text := range []string{r.called, flat(r.Section)} {
			switch {
			case strings.Contains(text, "billing") || strings.Contains(text, "invoice") || strings.Contains(text, "rechnung") || strings.Contains(text, "factur"):
				r.address = cmp.Or(r.address, "billing")
			case strings.Contains(text, "shipping") || strings.Contains(text, "delivery") || strings.Contains(text, "liefer") || strings.Contains(text, "livraison") || strings.Contains(text, "envio"):
				r.address = cmp.Or(r.address, "shipping")
			}
		}
	}
}

// kind reads the field's type.
func (r *reading) kind() {
	switch {
	case r.Type == "email" || r.InputMode == "email":
		r.add(ForEmail, 2, "type %q", "email")
	case r.Type == "tel":
		r.add(ForPhone, .7, "type %q", "tel") // it brings the digits' keyboard, for cards and codes too
	case r.Type == "password":
		r.add(ForPassword, 1, "type %q", "password")
	case r.Type == "search" || r.Role == "searchbox":
		r.add(ForSearch, 3, "type %q", "search")
	case r.Type == "url":
		r.add(ForWebsite, 2, "type %q", "url")
	case r.Type == "date":
		r.add(ForDate, 1, "type %q", "date")
	case r.Type == "month":
		r.add(ForCardExpiry, 1, "type %q", "month")
	case r.Tag == "textarea":
		r.add(ForMessage, .6, "a text area")
	}
}

var bracketed = regexp.MustCompile(`[(\[（【].*?[)\]）】]`)

// eitherOf are what a person may log in by beside the e-mail address.
var eitherOf = []Purpose{ForUsername, ForCustomer, ForPhone, ForNationalID, ForTaxID}

// words reads a text that people are meant to read. What it says first weighs
// most; what stands in brackets only explains.
func (r *reading) words(source, text string, weight float64) {
	if text == "" {
		return
	}
	b := theFieldBook()
	found := b.mentions(flat(bracketed.ReplaceAllString(text, " ")))
	if len(found) == 0 {
		found, weight = b.mentions(flat(text)), weight*second
	}
	if n := len([]rune(text)); n > 80 && !r.box() { // a sentence says many things
		weight *= 80 / float64(n)
	}
	says := func(p Purpose) bool {
		return slices.ContainsFunc(found, func(m mention) bool { return m.purpose == p && !m.weak })
	}
	if flat(text) == "id" {
		r.add(ForUsername, weight/2, "%s %q", source, clip(text))
	}
	if says(ForEmail) && slices.ContainsFunc(eitherOf, says) && len(text) < 90 {
		r.add(ForUsername, 1.5*weight, "%s %q, one or the other", source, clip(text))
		r.add(ForEmail, 1.2*weight, "%s %q", source, clip(text))
		return
	}
	head := headOf(found, text)
	for i, m := range found {
		w := weight
		if m.weak { // and says the less, the more is said beside it
			w *= weakly * max(.5, float64(m.to-m.from)/wide/float64(max(1, len(strings.Fields(flat(text))))))
		}
		if i != head && found[head].from != m.from && !r.box() {
			w *= second
		}
		r.add(m.purpose, w, "%s %q", source, clip(text))
	}
}

// headOf gives the mention that a label is about: the first, or the last of
// those that follow it without a word or sign between, as in "Recipient's
// e-mail address".
func headOf(found []mention, text string) int {
	head := 0
	if strings.ContainsAny(text, "/,|;&+–") {
		return head
	}
	words := strings.Fields(flat(text))
	for i := 1; i < len(found); i++ {
		end := found[i-1].to
		if at := end / wide; end%wide == 0 && at < len(words) && words[at] == "s" {
			end += wide
		}
		if found[i].from != end {
			break
		}
		head = i
	}
	return head
}

var joints = regexp.MustCompile(`[.\[\]$:/]+`)

// name reads an identifier. Its last part says what the field is
// ("billing.address.city"), the parts before it where it stands.
func (r *reading) name(source, text string, weight float64) {
	parts := slices.DeleteFunc(joints.Split(text, -1), func(s string) bool { return flatName(s) == "" })
	if len(parts) == 0 {
		return
	}
	tail := len(parts) - 1
	for tail > 0 && strings.Trim(parts[tail], "0123456789") == "" {
		tail-- // "street[0]"
	}
	found := identified(flatName(strings.Join(parts[tail:], " ")))
	for i, m := range found {
		w := weight
		if m.weak {
			w *= weakly
		}
		if i < len(found)-1 && m.from != found[len(found)-1].from {
			w *= second
		}
		r.add(m.purpose, w, "%s %q", source, clip(text))
	}
	if tail == 0 {
		return
	}
	w := weight * second
	if len(found) > 0 {
		w = weight / 6
	}
	around := identified(flatName(strings.Join(parts[:tail], " ")))
	if n := len(around); n > 0 && !around[n-1].weak {
		r.add(around[n-1].purpose, w, "%s %q", source, clip(text))
	}
}

// identified finds the phrases of an identifier's words, its head last. What
// runs words together, or ends in a number, is read from its end.
func identified(words string) []mention {
	b, all := theFieldBook(), strings.Fields(words)
	for i, w := range all {
		if one, plural := strings.CutSuffix(w, "s"); plural && len(w) > 4 && b.byWord[w] == nil && b.byWord[one] != nil {
			all[i] = one
		}
	}
	found, start := b.mentions(strings.Join(all, " ")), 0
	if n := len(found); n > 0 {
		start = found[n-1].to / wide
	}
	trim := func(s string) string { return strings.TrimRight(s, "0123456789") }
	tails := []string{trim(strings.Join(all[min(start, len(all)):], ""))}
	for i := len(all) - 1; i >= start; i-- {
		tails = append(tails, trim(all[i]))
	}
	for _, tail := range tails {
		if p := b.run(tail); p != nil && (len(found) == 0 || len(p.squash) > 4 && !p.weak) {
			return append(found, mention{p.purpose, len(all) * wide, (len(all) + 1) * wide, p.weak, p.squash})
		}
	}
	return found
}

var (
	exampleMail  = regexp.MustCompile(`\S@\S+\.\S`)
	exampleCard  = regexp.MustCompile(`^[\dXx•·*_#]{4}([ -]?[\dXx•·*_#]{4}){2,3}`)
	exampleMonth = regexp.MustCompile(`(?i)^\s*(mm|m)\s*[/.-]\s*(yy|yyyy|jj|aa|rr|åå|vv|гг)\s*$|^\s*\d\d\s*/\s*\d{2,4}\s*$`)
	exampleDate  = regexp.MustCompile(`(?i)^\s*(dd?|tt|jj|gg|mm?|yyyy|aaaa|jjjj|rrrr|дд)\s*[/.-]\s*(mm?|dd?|tt|мм)\s*[/.-]\s*(yy|yyyy|aaaa|jjjj|aa|jj|rrrr|гггг|dd?)\s*$`)
	exampleCode  = regexp.MustCompile(`^[•*xX]{3,4}$|^(123|1234|000)$`)
	examplePhone = regexp.MustCompile(`^\+?[\d(][\d() .\-/_xX]{7,}$`)
)

// example reads a placeholder that shows what an answer looks like.
func (r *reading) example() {
	for _, text := range []string{r.Placeholder, r.Label} {
		text = strings.TrimSpace(text)
		switch {
		case exampleMail.MatchString(text):
			r.add(ForEmail, byPlaceholder, "example %q", clip(text))
		case exampleCard.MatchString(text):
			r.add(ForCardNumber, byPlaceholder, "example %q", clip(text))
		case exampleDate.MatchString(text):
			r.add(ForBirthDate, .3, "example %q", clip(text))
			r.add(ForDate, .6, "example %q", clip(text))
		case exampleMonth.MatchString(text):
			r.add(ForCardExpiry, byPlaceholder, "example %q", clip(text))
		case exampleCode.MatchString(text):
			r.add(ForCardCode, .5, "example %q", clip(text))
		case examplePhone.MatchString(text):
			r.add(ForPhone, .6, "example %q", clip(text))
		default:
			continue
		}
		return
	}
}

// box reports whether the field is ticked, not typed into.
func (r *reading) box() bool {
	return r.Type == "checkbox" || r.Type == "radio" || r.Type == "switch"
}

// pick reports whether the field is chosen from a list.
func (r *reading) pick() bool { return r.Tag == "select" }

var (
	forBoxes = []Purpose{ForConsent, ForNewsletter, ForRemember, ForSameAddress, ForOtherAddress, ForCreateAccount, ForGift, ForDelivery, ForPayment, ForAccountKind, ForGender, ForPrefix, ForCardType, ForSubject, ForCompany, ForCoupon}
	forLists = []Purpose{ForPrefix, ForSuffix, ForCountry, ForState, ForCity, ForPostcode, ForStreet, ForStreet2, ForPhoneCountry, ForPhoneArea, ForCardMonth, ForCardYear, ForCardExpiry, ForCardType, ForGender, ForSubject, ForQuantity, ForBirthDay, ForBirthMonth, ForBirthYear, ForDate, ForDelivery, ForPayment, ForAccountKind, ForDepartment, ForAnswer,
		ForAmount, ForNationalID, ForNewsletter, forDay, forMonth, forYear}
	forSecrets = []Purpose{ForPassword, ForNewPassword, ForCurrentPassword, ForPasswordAgain, ForCardCode, ForOneTime, ForAnswer, ForNationalID, ForCardNumber, ForIBAN, ForCoupon}
	forAreas   = []Purpose{ForMessage, ForNote, ForStreet, ForSubject, ForCoupon, ForAnswer, ForCaptcha, ForConsent, ForStreet2}
	notTyped   = []Purpose{ForConsent, ForRemember, ForSameAddress, ForOtherAddress, ForCreateAccount, ForAccountKind, ForDelivery, ForPayment}
)

// possible reports whether a field of this type can serve a purpose at all.
func (r *reading) possible(p Purpose) bool {
	switch {
	case r.box():
		return slices.Contains(forBoxes, p)
	case r.pick():
		return slices.Contains(forLists, p)
	case r.Type == "password":
		return slices.Contains(forSecrets, p)
	case r.Tag == "textarea":
		return slices.Contains(forAreas, p)
	case r.Type == "email":
		return p == ForEmail || p == ForUsername || p == ForEmailAgain
	case r.Type == "date" || r.Type == "month":
		return slices.Contains([]Purpose{ForDate, ForBirthDate, ForCardExpiry}, p)
	case r.Type == "file", r.Type == "color", r.Type == "range", r.Type == "time":
		return false
	}
	return !slices.Contains(notTyped, p)
}

// decide takes the purpose that the signs say most of.
func (r *reading) decide() {
	best, most := Unknown, 0.0
	for _, p := range slices.Sorted(maps.Keys(r.score)) {
		if s := r.score[p]; s > most && r.possible(p) {
			best, most = p, s
		}
	}
	if most < enough {
		best = Unknown
	}
	if best == ForConsent && r.score[ForNewsletter] >= 1 {
		best = ForNewsletter // "I agree to receive …": who ticks it is written to
	}
	r.purpose = best
}

// set changes the purpose for a reason that lies outside of the field.
func (r *reading) set(p Purpose, because string) {
	if r.purpose == p {
		return
	}
	r.purpose, r.because = p, because
}

func (r *reading) guess() Guess {
	if r.purpose == Unknown || r.purpose == forDay || r.purpose == forMonth || r.purpose == forYear {
		return Guess{Why: "nothing says what it is for"}
	}
	// How much was said, and how much of it for this: each from 0 to 1.
	most, other := r.score[r.purpose], 0.0
	for p, s := range r.score {
		if p != r.purpose && r.possible(p) {
			other = max(other, s)
		}
	}
	var why []string
	if r.because != "" {
		why = append(why, r.because)
		most = max(most, other, 1)
	}
	notes := slices.Clone(r.notes[r.purpose])
	slices.SortStableFunc(notes, func(a, b note) int { return cmp.Compare(b.weight, a.weight) })
	for _, n := range notes[:min(3, len(notes))] {
		why = append(why, n.text)
	}
	sure := (1 - math.Exp(-most/1.2)) * (most + .5) / (most + other + .5)
	if r.because != "" {
		sure = (1 - math.Exp(-most/1.2)) * .8
	}
	return Guess{Purpose: r.purpose, Address: r.address, Confidence: math.Round(sure*100) / 100, Why: strings.Join(why, "; ")}
}

func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}
