package find

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countries knows the countries of ISO 3166-1 alpha-2 by their names in the
// languages of the lexicon (CLDR, as golang.org/x/text has it).
var countries = sync.OnceValue(func() (c struct {
	codes map[string]bool
	named map[string]string // folded name -> code
	names map[string][]string
}) {
	c.codes, c.named, c.names = map[string]bool{}, map[string]string{}, map[string][]string{}
	var namers []display.Namer
	for _, l := range []string{"en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs", "ja", "zh", "zh-Hant", "ru", "uk", "tr", "hu", "ro", "ko", "el"} {
		namers = append(namers, display.Regions(language.MustParse(l)))
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			region, err := language.ParseRegion(code)
			if err != nil || !region.IsCountry() || region.Canonicalize() != region || code == "ZZ" {
				continue
			}
			c.codes[code] = true
			for i, n := range namers {
				name := n.Name(region)
				if i == 0 || name != "" {
					c.names[code] = append(c.names[code], name)
				}
				if name != "" && c.named[flat(name)] == "" {
					c.named[flat(name)] = code
				}
			}
		}
	}
	for name, code := range map[string]string{"usa": "US", "united states of america": "US", "uk": "GB", "great britain": "GB", "holland": "NL", "the netherlands": "NL", "grossbritannien": "GB", "england": "GB", "czech republic": "CZ", "tschechische republik": "CZ", "vereinigtes konigreich grossbritannien und nordirland": "GB",
		"vereinigte staaten von amerika": "US", "south korea": "KR", "republic of ireland": "IE", "eire": "IE", "etats unis d amerique": "US", "republica checa": "CZ", "russian federation": "RU", "turkey": "TR", "ee uu": "US", "united states us": "US", "united kingdom uk": "GB"} {
		c.named[name] = code
	}
	return c
})

// Country gives the code of ISO 3166-1 alpha-2 of a country's name in one of
// the lexicon's languages, or of its code; "" for what is none.
func Country(name string) string {
	c := countries()
	if code := strings.ToUpper(strings.TrimSpace(name)); len(code) == 2 && c.codes[code] {
		return code
	}
	if code := c.named[flat(name)]; code != "" {
		return code
	}
	return c.named[flat(bracketed.ReplaceAllString(name, " "))]
}

// CountryNames lists what a country is called, the English name first.
func CountryNames(code string) []string { return countries().names[strings.ToUpper(code)] }

// CountryName gives a country's name in a language (BCP 47), in English where
// that has none.
func CountryName(code, lang string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if tag, err := language.Parse(lang); err == nil {
		if n := display.Regions(tag); n != nil && n.Name(region) != "" {
			return n.Name(region)
		}
	}
	return display.Regions(language.English).Name(region)
}
