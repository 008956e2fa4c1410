package find

import (
	"slices"
	"strconv"
	"strings"
)

// list reads what a list offers: months, days, years, countries, callings.
func (r *reading) list() {
	if r.box() && someOf([]string{r.label}, callings) > 0 {
		r.add(ForPrefix, byOptions+1, "a form of address")
	}
	if !r.pick() {
		return
	}
	// The first entry often says what is to be chosen.
	if len(r.Options) > 0 && r.Options[0].Value == "" {
		r.words("first entry", r.Options[0].Label, byPlaceholder)
	}
	var labels, values []string
	for _, o := range r.Options {
		if l := flat(o.Label); l != "" {
			labels = append(labels, l)
		}
		if o.Value != "" {
			values = append(values, o.Value)
		}
	}
	n := len(labels)
	switch {
	case n < 2:
	case n >= 10 && share(r.Options, dialling) > .7:
		r.add(ForPhoneCountry, byOptions+.4, "a list of calling codes")
	case manyCountries(r.Options):
		r.add(ForCountry, byOptions, "a list of countries")
	case months(labels, values):
		r.add(forMonth, byOptions, "a list of months")
	case n >= 28 && n <= 33 && counts(labels, 28, 31):
		r.add(forDay, byOptions, "a list of days")
	case years(labels, 4):
		r.add(forYear, byOptions, "a list of years")
	case years(labels, 2): // or of sizes: something else has to say so
		r.add(forYear, enough-.1, "a list of what may be years")
	case n <= 12 && someOf(labels, callings) >= 2:
		r.add(ForPrefix, byOptions, "a list of forms of address")
	case n <= 5 && someOf(labels, genders) >= 2:
		r.add(ForGender, byOptions, "a list of genders")
	case n <= 12 && someOf(labels, cards) >= 2:
		r.add(ForCardType, byOptions, "a list of cards")
	case someOf(labels, states) >= 8:
		r.add(ForState, byOptions, "a list of states")
	}
}

// share is the part of a list's entries, the first aside, that fit.
func share(options []Option, fits func(Option) bool) float64 {
	if len(options) < 2 {
		return 0
	}
	n := 0
	for _, o := range options[1:] {
		if fits(o) {
			n++
		}
	}
	return float64(n) / float64(len(options)-1)
}

func dialling(o Option) bool {
	plus := strings.LastIndexByte(o.Label, '+')
	return plus >= 0 && plus+1 < len(o.Label) && o.Label[plus+1] >= '0' && o.Label[plus+1] <= '9'
}

// someOf counts the labels that are one of the words, in whatever language.
func someOf(labels []string, words string) (n int) {
	list := strings.Split(words, "|")
	for _, l := range labels {
		if slices.Contains(list, l) {
			n++
		}
	}
	return n
}

const (
	callings = "mr|mrs|ms|miss|dr|mx|prof|sir|herr|frau|divers|herrn|m|mme|mlle|monsieur|madame|mademoiselle|sr|sra|srta|senor|senora|senorita|don|dona|sig|sig ra|signor|signora|signore|dhr|mevr|de heer|mevrouw|heer|dhr mevr|pan|pani|herra|rouva|hr|fru|doctor|sr a|mister|doktor|mevr mw|mw|dame|先生|女士|小姐|様|г н|г жа"
	genders  = "male|female|man|woman|mannlich|weiblich|homme|femme|hombre|mujer|uomo|donna|maschio|femmina|vrouw|masculino|feminino|femenino|mezczyzna|kobieta|kvinna|mand|kvinde|mann|kvinne|mies|nainen|muz|zena|男性|女性|男|女|мужской|женский|erkek|kadin|ferfi|no|other|m|f|divers"
	cards    = "visa|mastercard|master card|american express|amex|discover|maestro|jcb|diners club|visa electron|eurocard|carte bleue|diners|visa debit|unionpay|elo|hipercard"
	states   = "alabama|alaska|arizona|california|colorado|florida|georgia|texas|virginia|washington|al|ak|az|ca|co|fl|ga|tx|va|wa|alberta|british columbia|manitoba|new brunswick|nova scotia|ontario|quebec|saskatchewan|new south wales|queensland|south australia|tasmania|victoria|western australia|bayern|berlin|hessen|sachsen|hamburg|bremen|brandenburg|saarland|thuringen|baden wurttemberg|niedersachsen|a coruna|albacete|alicante|almeria|barcelona|bizkaia|burgos|caceres|cadiz|cordoba|girona|granada|huelva|jaen|madrid|malaga|murcia|sevilla|valencia|zaragoza|agrigento|bari|bergamo|bologna|brescia|catania|firenze|genova|milano|napoli|padova|palermo|roma|torino|venezia|verona|sao paulo|rio de janeiro|bahia|ceara|parana|pernambuco|santa catarina|minas gerais|北海道|青森県|岩手県|宮城県|東京都|大阪府|京都府|神奈川県|福岡県|沖縄県|广东|北京|上海|江苏|浙江|mazowieckie|malopolskie|slaskie|pomorskie|maharashtra|karnataka|kerala|gujarat|punjab|aichi|tokyo|osaka|hokkaido|auckland|canterbury|otago|wellington|dublin|cork|galway|kerry|kent|essex|surrey|devon|jalisco|puebla|sonora|yucatan|zurich|bern|luzern|aargau|genf|geneve"
)

// manyCountries reports whether most entries are countries by code or name.
func manyCountries(options []Option) bool {
	codes, names := 0, 0
	for _, o := range options {
		if len(o.Value) == 2 && o.Value == strings.ToUpper(o.Value) && Country(o.Value) != "" {
			codes++
		}
		if len(o.Label) > 2 && Country(o.Label) != "" {
			names++
		}
	}
	// A handful of states have codes like countries' own: names must agree.
	return names >= 2 && names*2 >= len(options) || names >= 12 || codes >= 30 && codes*10 >= len(options)*8
}

// months reports whether the list holds the twelve months, with or without an
// entry before them.
func months(labels, values []string) bool {
	if len(labels) < 12 || len(labels) > 14 {
		return false
	}
	if counts(labels, 12, 12) || counts(values, 12, 12) {
		return true
	}
	return someOf(labels, "january|february|may|june|july|august|januar|februar|mai|juni|juli|janvier|fevrier|juin|juillet|aout|enero|febrero|mayo|junio|julio|agosto|gennaio|febbraio|maggio|giugno|luglio|janeiro|fevereiro|maio|junho|julho|januari|februari|mei|augustus|styczen|luty|maj|czerwiec|lipiec|jan|feb|jun|jul|aug|augusti|tammikuu|kesakuu|leden|unor|cerven|1月|2月|5月|6月|7月|8月|一月|二月|五月|六月|январь|февраль|май|июнь|ocak|subat|haziran") >= 3
}

// counts reports whether numbers run from 1 to a last one between least and
// most, other entries aside ("Day", "01 - January").
func counts(labels []string, least, most int) bool {
	next := 1
	for _, l := range labels {
		digits, _, _ := strings.Cut(l, " ")
		if n, err := strconv.Atoi(strings.TrimRight(digits, "日月")); err == nil && n == next {
			next++
		}
	}
	return next-1 >= least && next-1 <= most && next+1 >= len(labels)-1
}

// years reports whether most entries are years, of four digits or of two.
func years(labels []string, digits int) bool {
	n := 0
	for _, l := range labels {
		l = strings.TrimSuffix(l, "年")
		if y, err := strconv.Atoi(l); err == nil && len(l) == digits && (y > 1900 && y < 2100 || y >= 20 && y < 60 && len(labels) < 40) {
			n++
		}
	}
	return n >= 4 && n*10 >= len(labels)*8
}

// past reports whether a list of years reaches back as births do.
func past(options []Option) bool {
	old := 0
	for _, o := range options {
		if y, err := strconv.Atoi(strings.TrimSpace(o.Label)); err == nil && y > 1900 && y < 2000 {
			old++
		}
	}
	return old >= 5
}
