package reading

import (
	"slices"
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"
)

// languages are those that a text is told apart among, by their tags.
var languages = map[whatlanggo.Lang]string{
	whatlanggo.Eng: "en", whatlanggo.Deu: "de", whatlanggo.Fra: "fr", whatlanggo.Spa: "es", whatlanggo.Ita: "it", whatlanggo.Nld: "nl", whatlanggo.Por: "pt",
	whatlanggo.Dan: "da", whatlanggo.Swe: "sv", whatlanggo.Nob: "nb", whatlanggo.Pol: "pl", whatlanggo.Ces: "cs", whatlanggo.Fin: "fi", whatlanggo.Hun: "hu",
	whatlanggo.Ron: "ro", whatlanggo.Tur: "tr", whatlanggo.Rus: "ru", whatlanggo.Ukr: "uk", whatlanggo.Ell: "el", whatlanggo.Jpn: "ja", whatlanggo.Cmn: "zh", whatlanggo.Kor: "ko",
}

var candidates = func() map[whatlanggo.Lang]bool {
	set := map[whatlanggo.Lang]bool{}
	for l := range languages {
		set[l] = true
	}
	return set
}()

// leastLetters is how short a text may be for its language to be told.
const leastLetters = 40

// Language gives the primary tag (BCP 47) of the language of a text, by the
// frequencies of its trigrams, and where they leave a doubt, as in short texts
// on narrow matters, by its commonest words; "" where the text is too short or
// the doubt remains. Addresses and figures are no words, and left out.
func Language(text string) string {
	text = notWords.ReplaceAllString(text, " ")
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < leastLetters {
		return ""
	}
	info := whatlanggo.DetectWithOptions(text, whatlanggo.Options{Whitelist: candidates})
	if !info.IsReliable() {
		return byCommonWords(text)
	}
	return languages[info.Lang]
}

// commonWords are words that few sentences of a language do without, folded.
var commonWords = map[string]string{
	"en": "the and you we is are for with this that have your our will not can of it at be",
	"de": "der die das und sie wir ist sind fur mit nicht auf ein eine ihre ihr haben kann wird man zu im am den dem",
	"fr": "le les des et vous nous est sont pour avec pas une votre notre sur dans que du ce qui",
	"es": "el los las y usted nosotros es son para con no una su nuestro por que del en lo se",
	"it": "il gli le e lei noi sono per con non una suo nostro che del della di si questo puo",
	"nl": "de het een en u wij is zijn voor met niet uw onze op van dat kan wordt deze je te",
	"pt": "o os as e voce nos sao para com nao uma seu nosso por que do da em se um",
}

// byCommonWords asks for three common words of a language, and for twice as
// many as any other has.
func byCommonWords(text string) string {
	words := Fold(text)
	best, most, second := "", 0, 0
	for language, common := range commonWords {
		list, n := strings.Fields(common), 0
		for _, w := range words {
			if slices.Contains(list, w) {
				n++
			}
		}
		if n > most {
			best, most, second = language, n, most
		} else {
			second = max(second, n)
		}
	}
	if most < 3 || most < 2*second {
		return ""
	}
	return best
}

var notWords = lazily(`\S+@\S+|https?://\S+|www\.\S+|\d+`)

// Grade gives the Flesch–Kincaid grade of an English text: the years of
// schooling that it takes to read it (Kincaid, Fishburne, Rogers & Chissom
// 1975: 0.39 words a sentence + 11.8 syllables a word − 15.59). It is false
// for texts under twenty words, of which the formula says nothing.
func Grade(text string) (grade float64, ok bool) {
	const fewest = 20
	var words, sentences, syllables int
	for _, s := range sentenceEnd.Split(notWords.ReplaceAllString(text, " "), -1) {
		said := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' })
		if len(said) == 0 {
			continue
		}
		sentences++
		words += len(said)
		for _, w := range said {
			syllables += syllablesOf(w)
		}
	}
	if words < fewest {
		return 0, false
	}
	return .39*float64(words)/float64(sentences) + 11.8*float64(syllables)/float64(words) - 15.59, true
}

var sentenceEnd = lazily(`[.!?:;]+(\s|$)|\n\s*\n`)

// syllablesOf counts groups of vowels, without the silent e at the end.
func syllablesOf(word string) int {
	n, vowel := 0, false
	for _, r := range word {
		v := strings.ContainsRune("aeiouyéèêëáàâäíîïóôöúûü", r)
		if v && !vowel {
			n++
		}
		vowel = v
	}
	silent := strings.HasSuffix(word, "e") && !strings.HasSuffix(word, "le") ||
		strings.HasSuffix(word, "ed") && !strings.HasSuffix(word, "ted") && !strings.HasSuffix(word, "ded")
	if silent && n > 1 {
		n--
	}
	return max(n, 1)
}
