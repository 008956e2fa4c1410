package reading

import (
	"math"
	"slices"
	"strings"
)

// A Collection is what a question's replies are compared within: it says how
// common each feature is, and how the words of its language are stemmed. Two
// texts may be compared only when the same collection prepared both.
type Collection struct {
	tongue tongue
	omit   Part
	n      float64
	df     map[uint64]float64 // in how many replies a feature stands
}

// A Part is one of the things that Relevance adds up; a Collection without
// some of them shows what each is worth.
type Part uint8

const (
	Stems     Part = 1 << iota // words without their endings
	Grams                      // runs of three to five letters within a word
	Topics                     // words of one topic stand for each other
	Shape                      // a question for a time, a price, a number gets one
	YesOrNo                    // a question for yes or no gets one, and no other does
	Frequency                  // what most replies say weighs less than what few say
	Stemming                   // words lose their endings
	Title                      // a question's first sentence counts twice
)

// NewCollection prepares for texts of a language, told by its primary tag;
// words of a language that it does not know are left as they are. The replies
// are those to other questions of the same wave or site, as many as there are:
// with none every word weighs the same.
func NewCollection(language string, replies ...string) *Collection {
	return NewCollectionWithout(0, language, replies...)
}

// NewCollectionWithout leaves parts of the score out, for measuring.
func NewCollectionWithout(omit Part, language string, replies ...string) *Collection {
	c := &Collection{tongue: tongueOf(language), omit: omit, df: map[uint64]float64{}}
	if omit&Stemming != 0 {
		c.tongue.stem = nil
	}
	if omit&Frequency != 0 {
		return c
	}
	for _, r := range replies {
		c.n++
		t := c.count(r, 0)
		for _, v := range t.vectors {
			for f := range v {
				c.df[f]++
			}
		}
	}
	return c
}

// weight is the inverse document frequency of BM25 (Robertson & Spärck Jones
// 1976) as a share of that of a feature that no reply has: in (0,1].
func (c *Collection) weight(feature uint64) float64 {
	df := c.df[feature]
	return math.Log1p((c.n-df+.5)/(df+.5)) / math.Log1p((c.n+.5)/.5)
}

// A Text is a question or a reply as a collection sees it.
type Text struct {
	words   []string // folded
	vectors [3]vector
	wants   wanted
	gives   wanted
}

// The vectors of a text.
const (
	byStem = iota
	byGram
	byTopic
)

// A vector holds features by their hashes. Each kind of feature hashes from a
// seed of its own, so that one table of frequencies serves all.
type vector map[uint64]float64

// Question prepares a question. Its first sentence, which in a mail is the
// subject, counts twice.
func (c *Collection) Question(s string) *Text {
	first := 0
	if end := sentenceEnd.FindStringIndex(s); end != nil && end[1] < len(s) && c.omit&Title == 0 {
		first = len(Fold(s[:end[0]]))
	}
	return c.prepare(s, first)
}

// Asks gives the sentences of a letter that ask something, as they stand.
func Asks(letter string) string {
	var asked []string
	start := 0
	for i, c := range letter {
		switch {
		case c == '?':
			asked = append(asked, strings.Join(strings.Fields(letter[start:i+1]), " "))
			start = i + 1
		case c == '.' || c == '!' || c == ':' || strings.HasPrefix(letter[i:], "\n\n"):
			start = i + 1
		}
	}
	return strings.Join(asked, " ")
}

// Reply prepares a reply.
func (c *Collection) Reply(s string) *Text { return c.prepare(s, 0) }

func (c *Collection) prepare(s string, twice int) *Text {
	t := c.count(s, twice)
	for _, v := range t.vectors {
		var norm float64
		for f, n := range v {
			x := (1 + math.Log(n)) * c.weight(f)
			v[f] = x
			norm += x * x
		}
		for f := range v {
			v[f] /= math.Sqrt(norm)
		}
	}
	t.wants, t.gives = asks(t.words, c.tongue), offers(s, t.words, c.tongue)
	return t
}

// count fills the vectors with how often each feature stands in the text, the
// first words counting twice. Words that every text is made of are none.
func (c *Collection) count(s string, twice int) *Text {
	t := &Text{words: Fold(s), vectors: [3]vector{{}, {}, {}}}
	var padded []byte
	for i, w := range t.words {
		if c.tongue.empty[w] {
			continue
		}
		times := 1.
		if i < twice {
			times = 2
		}
		t.vectors[byStem][hash(byStem, c.tongue.stemmed(w))] += times
		for _, topic := range c.tongue.topicsOf(w) {
			t.vectors[byTopic][uint64(topic)] += times
		}
		padded = append(append(append(padded[:0], '^'), w...), '$')
		for from := range padded {
			h := uint64(offset ^ byGram)
			for n := range min(5, len(padded)-from) {
				if h = (h ^ uint64(padded[from+n])) * prime; n >= 2 {
					t.vectors[byGram][h] += times
				}
			}
		}
	}
	return t
}

// FNV-1a.
const (
	offset = 14695981039346656037
	prime  = 1099511628211
)

func hash(kind uint64, s string) uint64 {
	h := offset ^ kind
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime
	}
	return h
}

// alike is the cosine of two prepared vectors, in [0,1]: 1 is the best that a
// reply can reach.
func alike(a, b vector) (cosine float64) {
	if len(b) < len(a) {
		a, b = b, a
	}
	// In the order of the features, so that the sum is the same each time.
	common := make([]uint64, 0, len(a))
	for f := range a {
		if _, ok := b[f]; ok {
			common = append(common, f)
		}
	}
	slices.Sort(common)
	for _, f := range common {
		cosine += a[f] * b[f]
	}
	return cosine
}

// The weights of the parts, fitted by logistic regression on half of the
// questions of four labelled collections, each counting the same
// (docs/relevance.md); the bias makes 0.5 the score at which a right and a
// wrong reply are equally likely when there are as many of each.
const (
	stemWeight  = 5.70
	gramWeight  = 5.43
	topicWeight = 1.08
	shapeWeight = .37
	yesWeight   = .25
	bias        = -1.59
)

// Relevance says how well a reply fits a question, in [0,1]. Nothing of it
// knows whether what the reply says is true.
func (c *Collection) Relevance(question, reply *Text) float64 {
	sum := bias
	add := func(p Part, weight, value float64) {
		if c.omit&p == 0 {
			sum += weight * value
		}
	}
	add(Stems, stemWeight, alike(question.vectors[byStem], reply.vectors[byStem]))
	add(Grams, gramWeight, alike(question.vectors[byGram], reply.vectors[byGram]))
	add(Topics, topicWeight, alike(question.vectors[byTopic], reply.vectors[byTopic]))
	shape, yes := fits(question.wants, reply.gives)
	add(Shape, shapeWeight, shape)
	add(YesOrNo, yesWeight, yes)
	return 1 / (1 + math.Exp(-sum))
}

// Fewest words of a reply of which something can be said.
const fewestWords = 8

// Mistaken tells whether a reply fits another question clearly better than
// the one asked, and which: the index of the rival. It would rather say
// nothing than accuse a right reply; the figures are in docs/relevance.md.
func (c *Collection) Mistaken(asked *Text, rivals []*Text, reply *Text) (rival int, ok bool) {
	own, best := c.Relevance(asked, reply), 0.
	if len(reply.words) < fewestWords || own > mistakenBelow {
		return 0, false
	}
	for i, r := range rivals {
		if score := c.Relevance(r, reply); score > best {
			rival, best = i, score
		}
	}
	return rival, best >= mistakenAbove
}

// OffTopic tells whether a reply speaks at length of one known topic that the
// question does not touch, and hardly of any that it does: the topic's name.
func (c *Collection) OffTopic(asked, reply *Text) (topic string, ok bool) {
	if c.Relevance(asked, reply) > offTopicBelow {
		return "", false
	}
	words := make(map[int]map[string]bool)
	all, most := 0, -1
	touched := 0
	for _, w := range reply.words {
		for _, t := range c.tongue.topicsOf(w) {
			if words[t] == nil {
				words[t] = map[string]bool{}
			}
			if words[t][w] {
				continue
			}
			words[t][w] = true
			all++
			if asked.vectors[byTopic][uint64(t)] > 0 {
				touched++
			}
			if n := len(words[t]); most < 0 || n > len(words[most]) || n == len(words[most]) && t < most {
				most = t
			}
		}
	}
	const fewest, mostTouched = 4, 1
	if most < 0 || len(words[most]) < fewest || 2*len(words[most]) < all || touched > mostTouched || asked.vectors[byTopic][uint64(most)] > 0 {
		return "", false
	}
	return topicNames()[most], true
}

// offTopicBelow is the relevance above which a reply is not off its topic.
const offTopicBelow = .6

// Below the one for the question asked and above the other for a rival, a
// reply is taken for an answer to the rival.
const (
	mistakenBelow = .25
	mistakenAbove = .60
)

// A wanted is what a question asks for, or a reply offers.
type wanted uint8

const (
	aTime wanted = 1 << iota
	aPrice
	aNumber
	aYes        // a yes or no; of a reply: it begins with one
	aStatement  // of a reply: it says that something is or is not so
	anyQuestion // of a question: it could be told what is asked
)

// fits compares what is asked for with what is offered. shape is 1 when the
// time, price or number that is asked for stands there, -1 when it does not.
// yes is 1 for a yes or no to such a question, a half for a statement, and -1
// for a yes or no to a question of another kind.
func fits(wants, gives wanted) (shape, yes float64) {
	if asked := wants & (aTime | aPrice | aNumber); asked != 0 {
		shape = -1
		if asked&gives != 0 {
			shape = 1
		}
	}
	switch {
	case wants&aYes != 0 && gives&aYes != 0:
		yes = 1
	case wants&aYes != 0 && gives&aStatement != 0:
		yes = .5
	case wants&anyQuestion != 0 && wants&aYes == 0 && gives&aYes != 0:
		yes = -1
	}
	return shape, yes
}

// asks tells what a question asks for: the first of a time, a price, a number
// that its words name, and whether it begins as questions for a yes or no do.
func asks(words []string, in tongue) (w wanted) {
	if len(words) == 0 {
		return 0
	}
	w = anyQuestion
	switch {
	case in.says(words, in.askTime):
		w |= aTime
	case in.says(words, in.askPrice):
		w |= aPrice
	case in.says(words, in.askNumber):
		w |= aNumber
	}
	if in.askYes[words[0]] {
		w |= aYes
	}
	return w
}

// offers tells what a reply holds that a question may ask for.
func offers(text string, words []string, in tongue) (w wanted) {
	digit := strings.ContainsAny(text, "0123456789")
	if digit {
		w |= aNumber
	}
	if clockTime.MatchString(text) || digit && in.says(words, in.times) || in.says(words, in.longTimes) {
		w |= aTime
	}
	if strings.ContainsAny(text, "£$€") || in.says(words, in.prices) {
		w |= aPrice
	}
	if len(words) > 0 && in.yes[words[0]] {
		w |= aYes
	}
	if in.says(words, in.statements) {
		w |= aStatement
	}
	return w
}
