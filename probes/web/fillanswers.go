package web

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"touchstone/probes"
	"touchstone/probes/web/find"
)

// answers are what a persona says when forms ask.
type answers struct {
	who           probes.Persona
	what          *fillPlan
	street, house string // "Am Prüfstein", "12"
	day           [3]int // of birth: year, month, day
	handle        string // a user name
}

// bornBy is when a persona was born of whom nothing is said: of age everywhere.
const bornBy = "1984-05-17"

func newAnswers(who probes.Persona, what *fillPlan) *answers {
	a := &answers{who: who, what: what}
	a.street, a.house = houseOf(who.Street)
	if n, err := fmt.Sscanf(cmp.Or(who.Born, bornBy), "%d-%d-%d", &a.day[0], &a.day[1], &a.day[2]); n != 3 || err != nil {
		a.day = [3]int{1984, 5, 17}
	}
	a.handle = strings.ReplaceAll(folded(who.Given+who.Family), " ", "")
	if local, _, ok := strings.Cut(who.Email, "@"); ok {
		// The probe's own address is one of a kind, and so is a name made of it.
		digits := strings.Map(func(r rune) rune {
			if r < 128 && (unicode.IsDigit(r) || unicode.IsLetter(r)) {
				return unicode.ToLower(r)
			}
			return -1
		}, local)
		a.handle = clipRunes(a.handle, 8) + digits[max(0, len(digits)-8):]
	}
	return a
}

func clipRunes(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

var (
	houseFirst = regexp.MustCompile(`^(\d+\s?[a-zA-Z]?(?:\s?(?:bis|ter))?),?\s+(.+)$`)
	houseLast  = regexp.MustCompile(`^(.+?),?\s+(\d+\s?[a-zA-Z]?(?:[/-]\d+\w*)?)$`)
)

// houseOf takes the house number off a street: "7 Assayers Row", "Am Prüfstein
// 12".
func houseOf(street string) (name, number string) {
	if m := houseFirst.FindStringSubmatch(street); m != nil {
		return m[2], m[1]
	}
	if m := houseLast.FindStringSubmatch(street); m != nil {
		return m[1], m[2]
	}
	return street, ""
}

// passwordOf makes a visit's password: upper and lower case, digits and a sign,
// as most rules ask, from the plan's dice.
func passwordOf(seed uint64) string {
	dice := rand.New(rand.NewPCG(seed, 0x70617373)) //nolint:gosec // it guards a probe's own account, and the plan has to be able to repeat it
	var b strings.Builder
	for _, set := range []string{"ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "abcdefghijkmnpqrstuvwxyz", "23456789", "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!#%+", "abcdefghijkmnpqrstuvwxyz", "23456789", "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "abcdefghijkmnpqrstuvwxyz"} {
		b.WriteByte(set[dice.IntN(len(set))])
	}
	return b.String()
}

// typed gives what is typed into a field, in the formats that it may want, the
// likeliest first; none where the persona has no answer.
func (a *answers) typed(f *find.Field, purpose find.Purpose, form []find.Field, guesses []find.Guess) []string {
	all := a.formats(f, purpose, form, guesses)
	if part, ok := a.part(f, purpose, all, form, guesses); ok {
		return []string{part}
	}
	var fit, other []string
	for _, s := range all {
		switch {
		case s == "" || slices.Contains(fit, s) || slices.Contains(other, s):
		case fitsField(f, s):
			fit = append(fit, s)
		default:
			other = append(other, s)
		}
	}
	return append(fit, other...)
}

// fitsField reports whether a field's own marks allow a value.
func fitsField(f *find.Field, s string) bool {
	if f.MaxLength > 0 && len([]rune(s)) > f.MaxLength {
		return false
	}
	if f.Type == "number" || f.InputMode == "numeric" {
		if strings.Trim(s, "0123456789") != "" {
			return false
		}
	}
	if f.Pattern != "" {
		// Patterns are JavaScript's; those that Go cannot read say nothing.
		if re, err := regexp.Compile("^(?:" + f.Pattern + ")$"); err == nil && !re.MatchString(s) {
			return false
		}
	}
	return true
}

// Figures are what complaints call digits.
const figures = `digits?|figures?|numbers?|numeric|numerals?|ziffern?|zahlen|stellen|stellig|chiffres?|digitos?|numeros?|cifras?|cifre|cijfers?|cyfry?|siffror|siffer|cifre|tal|numeroa|numeroita|cislic\w*|cisla|数字|桁|位`

var (
	saysCount  = regexp.MustCompile(`(\d+)[ -]?(?:` + figures + `)`)
	saysDigits = regexp.MustCompile(`(?:^|[ 半角])(?:` + figures + `)`)
)

// mended gives the format to try after the one that a field holds: what the
// complaint asks for (so many digits, digits only, the country's code), else
// the next one.
func mended(has, complaint string, values []string) string {
	plain := folded(complaint)
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	asked := func(string) bool { return false }
	if m := saysCount.FindStringSubmatch(plain); m != nil {
		n, _ := strconv.Atoi(m[1])
		asked = func(s string) bool { return digits(s) && len(s) == n }
	} else if strings.Contains(complaint, "+") || strings.Contains(plain, "country code") || strings.Contains(plain, "international") {
		asked = func(s string) bool { return strings.HasPrefix(s, "+") && digits(s[1:]) }
	} else if saysDigits.MatchString(plain) {
		asked = digits
	}
	for _, s := range values {
		if s != has && !asked(has) && asked(s) {
			return s
		}
	}
	return values[(slices.Index(values, has)+1)%len(values)]
}

// formats gives the ways to write an answer.
func (a *answers) formats(f *find.Field, purpose find.Purpose, form []find.Field, guesses []find.Guess) []string {
	if s := a.what.Answers[purpose]; s != "" {
		return []string{s}
	}
	among := func(p ...find.Purpose) bool {
		for i, g := range guesses {
			if slices.Contains(p, g.Purpose) && form[i].Hidden == "" && form[i].Ref != f.Ref {
				return true
			}
		}
		return false
	}
	who := a.who
	switch purpose {
	case find.ForGiven, find.ForCardGiven:
		return []string{who.Given}
	case find.ForFamily, find.ForCardFamily:
		return []string{who.Family}
	case find.ForFullName, find.ForCardHolder:
		return []string{strings.TrimSpace(who.Given + " " + who.Family), unlike(who.Given + " " + who.Family)}
	case find.ForNameSound:
		family, given, _ := strings.Cut(who.Sound, " ")
		before := slices.IndexFunc(guesses, func(g find.Guess) bool { return g.Purpose == find.ForNameSound })
		switch {
		case !among(find.ForNameSound):
			return []string{who.Sound}
		case form[before].Ref == f.Ref:
			return []string{family}
		}
		return []string{given}
	case find.ForCompany:
		return []string{cmp.Or(who.Company, who.Family)}
	case find.ForNickname:
		return []string{a.handle}
	case find.ForStreet, find.ForAddressSearch:
		if among(find.ForHouseNumber) && purpose == find.ForStreet {
			return []string{a.street}
		}
		return []string{who.Street, unlike(who.Street)}
	case find.ForHouseNumber:
		return []string{a.house, strings.TrimFunc(a.house, unicode.IsLetter)}
	case find.ForPostcode:
		return postcodes(who.Country, who.Postcode)
	case find.ForCity:
		return []string{who.City, unlike(who.City)}
	case find.ForState:
		return []string{a.state(), who.City}
	case find.ForCountry:
		return countryNames(who.Country, who.Language)
	case find.ForPhone, find.ForPhoneLocal, find.ForPhoneArea, find.ForPhoneCountry:
		return a.phone(purpose, among(find.ForPhoneCountry))
	case find.ForEmail, find.ForEmailAgain:
		return []string{who.Email}
	case find.ForUsername:
		if a.what.Login != "" {
			return []string{a.what.Login}
		}
		if among(find.ForEmail) {
			return []string{a.handle}
		}
		return []string{who.Email, a.handle}
	case find.ForPassword, find.ForNewPassword, find.ForPasswordAgain, find.ForCurrentPassword:
		return []string{clipRunes(a.what.Password, cmp.Or(f.MaxLength, 100))}
	case find.ForBirthDate:
		return dates(f, a.day, who.Language)
	case find.ForBirthDay:
		return []string{fmt.Sprintf("%02d", a.day[2]), strconv.Itoa(a.day[2])}
	case find.ForBirthMonth:
		return []string{fmt.Sprintf("%02d", a.day[1]), strconv.Itoa(a.day[1])}
	case find.ForBirthYear:
		return []string{strconv.Itoa(a.day[0]), strconv.Itoa(a.day[0] % 100)}
	case find.ForMessage:
		return []string{a.what.Message}
	case find.ForSubject:
		return []string{cmp.Or(a.what.Subject, firstLine(a.what.Message))}
	}
	if c := a.what.Card; c != nil {
		switch purpose {
		case find.ForCardNumber:
			return []string{c.Number, grouped(c.Number, 4)}
		case find.ForCardExpiry:
			return []string{fmt.Sprintf("%02d/%02d", c.Month, c.Year%100), fmt.Sprintf("%02d/%d", c.Month, c.Year), fmt.Sprintf("%d-%02d", c.Year, c.Month), fmt.Sprintf("%02d%02d", c.Month, c.Year%100)}
		case find.ForCardMonth:
			return []string{fmt.Sprintf("%02d", c.Month), strconv.Itoa(c.Month)}
		case find.ForCardYear:
			return []string{strconv.Itoa(c.Year), strconv.Itoa(c.Year % 100)}
		case find.ForCardCode:
			return []string{c.Code}
		}
	}
	return nil
}

// part gives one field's share of an answer that is cut over several fields
// side by side: 100 and 0001 of a Japanese postcode.
func (a *answers) part(f *find.Field, purpose find.Purpose, all []string, form []find.Field, guesses []find.Guess) (string, bool) {
	phone := purpose == find.ForPhone || purpose == find.ForPhoneArea || purpose == find.ForPhoneLocal
	if len(all) == 0 || f.MaxLength == 0 || !phone && purpose != find.ForPostcode && purpose != find.ForOneTime && purpose != find.ForCardNumber {
		return "", false
	}
	like := func(i int) bool {
		p := guesses[i].Purpose
		return (p == purpose || phone && (p == find.ForPhone || p == find.ForPhoneArea || p == find.ForPhoneLocal)) && form[i].Tag == "input" && form[i].MaxLength > 0 && form[i].Hidden == "" && guesses[i].Address == guesses[slices.IndexFunc(form, func(o find.Field) bool { return o.Ref == f.Ref })].Address
	}
	at := slices.IndexFunc(form, func(o find.Field) bool { return o.Ref == f.Ref })
	from, to := at, at+1
	for from > 0 && like(from-1) {
		from--
	}
	for to < len(form) && like(to) {
		to++
	}
	if to-from < 2 {
		return "", false
	}
	value := all[0]
	if phone {
		value = a.national()
	}
	// At the gaps that the value has, where each part fits; else by length.
	if parts := strings.FieldsFunc(value, func(r rune) bool { return !unicode.IsDigit(r) && !unicode.IsLetter(r) }); len(parts) == to-from {
		fits := true
		for i, p := range parts {
			fits = fits && len(p) <= form[from+i].MaxLength
		}
		if fits {
			return parts[at-from], true
		}
	}
	rest := []rune(onlyWord(value))
	for i := from; i <= at; i++ {
		n := min(form[i].MaxLength, len(rest))
		if i == at {
			return string(rest[:n]), true
		}
		rest = rest[n:]
	}
	return "", false
}

// onlyWord drops what is neither letter nor digit.
func onlyWord(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// unlike writes a name without accents, for forms that take no others.
func unlike(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if plain := strings.ReplaceAll(folded(w), " ", "-"); plain != "" {
			words[i] = strings.ToUpper(plain[:1]) + plain[1:]
		}
	}
	return strings.Join(words, " ")
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return clipRunes(line, 60)
}

func grouped(s string, by int) string {
	var parts []string
	for len(s) > by {
		parts, s = append(parts, s[:by]), s[by:]
	}
	return strings.Join(append(parts, s), " ")
}

// postcodes writes a postcode as it is, closed up, and with the gap that its
// country sets.
func postcodes(country, code string) []string {
	bare := onlyWord(code)
	all := []string{code, bare}
	if gap, ok := map[string]int{"NL": 4, "JP": 3, "PL": 2, "PT": 4, "SE": 3, "CZ": 3, "SK": 3, "GR": 3, "CA": 3, "IE": 3}[country]; ok && len(bare) > gap {
		sign := " "
		if country == "JP" || country == "PL" || country == "PT" {
			sign = "-"
		}
		all = append(all, bare[:gap]+sign+bare[gap:])
	}
	if country == "GB" && len(bare) > 4 {
		all = append(all, bare[:len(bare)-3]+" "+bare[len(bare)-3:])
	}
	return all
}

// callingCodes are of countries whose numbers begin otherwise than "0" within
// them, and of the personas' own.
var callingCodes = map[string]struct{ code, trunk string }{
	"GB": {"44", "0"}, "DE": {"49", "0"}, "FR": {"33", "0"}, "IE": {"353", "0"}, "AT": {"43", "0"}, "CH": {"41", "0"}, "NL": {"31", "0"}, "BE": {"32", "0"}, "SE": {"46", "0"}, "FI": {"358", "0"}, "JP": {"81", "0"}, "AU": {"61", "0"}, "NZ": {"64", "0"}, "TR": {"90", "0"}, "RO": {"40", "0"}, "CN": {"86", "0"}, "KR": {"82", "0"},
	"US": {"1", ""}, "CA": {"1", ""}, "ES": {"34", ""}, "IT": {"39", ""}, "PT": {"351", ""}, "PL": {"48", ""}, "DK": {"45", ""}, "NO": {"47", ""}, "CZ": {"420", ""}, "GR": {"30", ""}, "LU": {"352", ""}, "HU": {"36", "06"}, "RU": {"7", "8"}, "BR": {"55", "0"}, "MX": {"52", ""}, "IN": {"91", "0"}, "SK": {"421", "0"}, "UA": {"380", "0"},
}

// national is the persona's number as it is dialled at home, with its gaps.
func (a *answers) national() string {
	c := callingCodes[a.who.Country]
	rest, abroad := strings.CutPrefix(strings.TrimSpace(a.who.Phone), "+"+c.code)
	if c.code == "" || !abroad {
		return strings.TrimPrefix(a.who.Phone, "+")
	}
	return c.trunk + strings.TrimSpace(rest)
}

// phone writes the number, or the part of it that a field takes.
func (a *answers) phone(purpose find.Purpose, coded bool) []string {
	if a.who.Phone == "" {
		return nil
	}
	c := callingCodes[a.who.Country]
	home := a.national()
	bare := strings.TrimPrefix(onlyWord(home), c.trunk)
	switch purpose {
	case find.ForPhoneCountry:
		return []string{"+" + c.code, c.code, "00" + c.code}
	case find.ForPhoneArea:
		area, _, _ := strings.Cut(home, " ")
		return []string{area}
	case find.ForPhoneLocal:
		_, local, _ := strings.Cut(home, " ")
		return []string{onlyWord(local), local}
	}
	if coded { // the country stands in a field of its own
		return []string{bare, onlyWord(home), home}
	}
	return []string{a.who.Phone, "+" + onlyWord(a.who.Phone), home, onlyWord(home), bare, "00" + onlyWord(a.who.Phone), onlyWord(a.who.Phone)}
}

// dates writes a date as the field shows it, else as the language does.
func dates(f *find.Field, day [3]int, language string) []string {
	iso := fmt.Sprintf("%04d-%02d-%02d", day[0], day[1], day[2])
	if f.Type == "date" {
		return []string{iso}
	}
	if f.Type == "month" {
		return []string{iso[:7]}
	}
	dmy := func(sep string) string { return fmt.Sprintf("%02d%s%02d%s%04d", day[2], sep, day[1], sep, day[0]) }
	mdy := func(sep string) string { return fmt.Sprintf("%02d%s%02d%s%04d", day[1], sep, day[2], sep, day[0]) }
	shown := strings.ToLower(f.Placeholder + " " + f.Hint + " " + f.Label)
	var all []string
	for _, sep := range []string{".", "/", "-"} {
		switch {
		case strings.Contains(shown, "yyyy"+sep) || strings.Contains(shown, "aaaa"+sep) || strings.Contains(shown, "jjjj"+sep):
			all = append(all, strings.ReplaceAll(iso, "-", sep))
		case strings.Contains(shown, "mm"+sep+"dd"):
			all = append(all, mdy(sep))
		case regexp.MustCompile(`(dd|tt|jj|gg|pp)` + regexp.QuoteMeta(sep)).MatchString(shown):
			all = append(all, dmy(sep))
		}
	}
	switch {
	case language == "en-US":
		all = append(all, mdy("/"))
	case strings.HasPrefix(language, "de"), strings.HasPrefix(language, "pl"), strings.HasPrefix(language, "cs"), strings.HasPrefix(language, "fi"), strings.HasPrefix(language, "nb"):
		all = append(all, dmy("."))
	case strings.HasPrefix(language, "ja"), strings.HasPrefix(language, "zh"):
		all = append(all, strings.ReplaceAll(iso, "-", "/"))
	}
	return append(all, dmy("/"), iso, dmy("."), mdy("/"))
}

// countryNames gives what a country is called, in a persona's language first.
func countryNames(code, language string) []string {
	if code == "" {
		return nil
	}
	return append([]string{find.CountryName(code, language)}, append(find.CountryNames(code), code)...)
}

// state is where the persona lives, below the country. Cities that are states,
// and those of the shipped personas, are known.
func (a *answers) state() string {
	return cmp.Or(a.who.State, stateOf[a.who.City])
}

// stateOf names the state, province or county of a town as lists of them do.
var stateOf = map[string]string{
	"London": "Greater London", "Manchester": "Greater Manchester", "Berlin": "Berlin", "Hamburg": "Hamburg", "Bremen": "Bremen", "München": "Bayern", "Köln": "Nordrhein-Westfalen", "Frankfurt am Main": "Hessen", "Stuttgart": "Baden-Württemberg", "Leipzig": "Sachsen",
	"Lyon": "Rhône", "Paris": "Paris", "Cork": "Cork", "Dublin": "Dublin", "Wien": "Wien", "Zürich": "Zürich", "Madrid": "Madrid", "Barcelona": "Barcelona", "Valencia": "Valencia", "Roma": "Roma", "Milano": "Milano", "Torino": "Torino", "Amsterdam": "Noord-Holland", "Lisboa": "Lisboa", "Porto": "Porto", "Warszawa": "mazowieckie", "Kraków": "małopolskie", "Stockholm": "Stockholm", "Oslo": "Oslo", "Helsinki": "Uusimaa", "Praha": "Praha",
	"New York": "New York", "Chicago": "Illinois", "Los Angeles": "California", "Seattle": "Washington", "Toronto": "Ontario", "Sydney": "New South Wales", "Melbourne": "Victoria", "東京": "東京都", "千代田区": "東京都", "大阪市": "大阪府",
}

// neither are answers to what a form must not need to know.
const neither = "mx|divers|keine angabe|not specified|prefer not to say|neutral|unspecified|other|non binary|autre|non precise|otro|no especificado|altro|non specificato|anders|outro|nieokreslona|annat|andet|annet|muu|回答しない|无|non communique|neutre|no deseo indicarlo|x|neutrale anrede|ohne anrede|gender neutral|geen|no title|none"

// choice finds the entry of a list that answers it: right is false where it is
// only the first that can be taken, at is -1 where none can.
func (a *answers) choice(f *find.Field, purpose find.Purpose) (at int, right bool) {
	if at = a.option(f.Options, purpose); at >= 0 {
		return at, true
	}
	if purpose == find.ForCountry || purpose == find.ForPhoneCountry || purpose == find.ForCardMonth || purpose == find.ForCardYear || purpose == find.ForPayment {
		return -1, false // what is not offered is not answered with something else
	}
	return a.pick(purpose, f.Options), false
}

// pick takes an entry where no answer is right: one that leaves it open, or
// the first that is one.
func (a *answers) pick(purpose find.Purpose, options []find.Option) int {
	if at := a.option(options, purpose); at >= 0 {
		return at
	}
	real := func(o find.Option) bool {
		return !o.Disabled && o.Value != "" && !regexp.MustCompile(`^[-–—.\s]*$`).MatchString(o.Label)
	}
	if purpose == find.ForPrefix || purpose == find.ForGender || purpose == find.ForSubject {
		for i, o := range options {
			if real(o) && slices.Contains(strings.Split(neither, "|"), folded(o.Label)) {
				return i
			}
		}
	}
	for i, o := range options {
		if real(o) && (i > 0 || len(options) == 1 || !asksToChoose.MatchString(folded(o.Label))) {
			return i
		}
	}
	return -1
}

var asksToChoose = regexp.MustCompile(`^(please |bitte |veuillez |por favor )?(select|choose|pick|wahlen|auswahlen|choisir|selectionne|seleccion|elij|elegir|selezion|scegli|kies|maak|escolh|wybierz|valj|vaelg|velg|valitse|vyberte|選択|请选择|выберите|sec)`)

// business is what a customer is not who buys for themselves.
var business = regexp.MustCompile(`business|company|geschaft|gewerb|firm|professionnel|entreprise|empresa|profesional|azienda|zakelijk|bedrijf|juridica|foretag|erhverv|bedrift|yritys|法人|企业|юр`)

// option finds the entry that says what the persona would, -1 where none does.
func (a *answers) option(options []find.Option, purpose find.Purpose) int {
	same := func(values ...string) int {
		for _, v := range values {
			if v == "" {
				continue
			}
			for i, o := range options {
				if !o.Disabled && (folded(o.Label) == folded(v) || strings.EqualFold(o.Value, v)) {
					return i
				}
			}
		}
		for _, v := range values {
			for i, o := range options {
				if v != "" && len([]rune(v)) > 2 && !o.Disabled && o.Value != "" && strings.Contains(pad(o.Label), pad(v)) {
					return i
				}
			}
		}
		return -1
	}
	number := func(n int) int {
		for i, o := range options {
			for _, s := range []string{o.Label, o.Value} {
				digits, _, _ := strings.Cut(strings.TrimRight(strings.TrimSpace(s), "年月日"), " ")
				if m, err := strconv.Atoi(digits); err == nil && m == n && !o.Disabled {
					return i
				}
			}
		}
		return -1
	}
	month := func(n int) int {
		if len(options) == 12 || len(options) == 13 { // in order, after a first one that asks
			if at := n - 1 + len(options) - 12; !options[at].Disabled {
				return at
			}
		}
		return number(n)
	}
	switch purpose {
	case find.ForCountry:
		for i, o := range options {
			if !o.Disabled && o.Value != "" && (find.Country(o.Label) == a.who.Country || len(o.Value) == 2 && strings.EqualFold(o.Value, a.who.Country)) && a.who.Country != "" {
				return i
			}
		}
		return -1
	case find.ForPhoneCountry:
		code := callingCodes[a.who.Country].code
		for i, o := range options {
			digits := regexp.MustCompile(`\+\s?(\d+)`).FindStringSubmatch(o.Label)
			if !o.Disabled && code != "" && (digits != nil && digits[1] == code && (code != "1" || find.Country(o.Label) == a.who.Country || strings.EqualFold(o.Value, a.who.Country)) || digits == nil && (strings.EqualFold(o.Value, a.who.Country) || o.Value == code || o.Value == "+"+code)) {
				return i
			}
		}
		return same("+"+code, code)
	case find.ForState:
		return same(a.who.State, stateOf[a.who.City], a.who.City)
	case find.ForCity:
		return same(a.who.City)
	case find.ForPostcode:
		return same(postcodes(a.who.Country, a.who.Postcode)...)
	case find.ForBirthDay:
		return number(a.day[2])
	case find.ForBirthMonth:
		return month(a.day[1])
	case find.ForBirthYear:
		return number(a.day[0])
	case find.ForAccountKind:
		return slices.IndexFunc(options, func(o find.Option) bool {
			return !o.Disabled && o.Value != "" && !business.MatchString(folded(o.Label+" "+o.Value))
		})
	case find.ForSubject:
		return same(a.what.Subject)
	}
	if c := a.what.Card; c != nil {
		switch purpose {
		case find.ForCardMonth:
			return month(c.Month)
		case find.ForCardYear:
			if at := number(c.Year); at >= 0 {
				return at
			}
			return number(c.Year % 100)
		}
	}
	return same(a.what.Answers[purpose])
}
