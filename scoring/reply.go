package scoring

import (
	"fmt"
	"strings"

	"touchstone/internal/evidence"
)

// The criteria of what a person's answer says. A mail that nobody answered
// gets 0 in all of them: a bad answer must not count for less than none.

// Facts of the mail probe that these criteria need.
const (
	mailQuestions         = "mail.questions"
	mailQuestionsAnswered = "mail.questions-answered"
	mailNamesCustomer     = "mail.names-customer"
	mailNamesAgent        = "mail.names-agent"
	mailApology           = "mail.apology"
	mailCourtesy          = "mail.courtesy"
	mailLanguageSame      = "mail.language-same"
	mailWords             = "mail.words"
	mailReadingGrade      = "mail.reading-grade"
	mailRedirectOnly      = "mail.redirect-only"
	mailWrongQuestion     = "mail.wrong-question"
	mailClass             = "mail.class" // one for each arrival
	mailText              = "mail.text"  // likewise, its writer's own words
)

const unansweredIsNought = " An unanswered mail gets 0."

func questionsAnswered() Criterion {
	return Criterion{
		ID:     "questions-answered",
		Title:  "All questions are answered",
		Why:    "Half an answer costs the customer another mail and another wait.",
		Source: "SuperOffice (2018, 1,000 companies): 20 % answered both questions; Gomez (2000, 79 sites)",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailAnswered, mailQuestions, mailQuestionsAnswered},
		Unit:  evidence.Ratio,
		Curve: "The share of a mail's questions that the answer speaks to, averaged over the mails." + unansweredIsNought,
		Judge: func(f Facts) Mark {
			asking, none := among(f, "the mails asked nothing that could be counted", func(c Case) bool {
				q, ok := c.Number(mailQuestions)
				return !ok || q > 0
			})
			if none != nil {
				return *none
			}
			cases, warnings, none := answers(Facts{asking}, mailQuestions)
			if none != nil {
				return *none
			}
			var sum float64
			var met, asked int
			shares := each(cases, func(i int) float64 {
				q, _ := cases[i].Number(mailQuestions)
				k, _ := cases[i].Number(mailQuestionsAnswered)
				asked += int(q)
				if !cases[i].Flag(mailAnswered) {
					return 0
				}
				met += int(k)
				sum += min(k/q, 1)
				return min(k/q, 1)
			})
			m := Mark{Score: sum / float64(len(cases)), N: len(cases), Warnings: warnings, Each: shares, Interval: meanInterval(shares)}
			m.Value, m.Shown = m.Score, fmt.Sprintf("%d of %s", met, plural(asked, "question"))
			return m
		},
	}
}

func personalisation() Criterion {
	return Criterion{
		ID:     "personalisation",
		Title:  "From a person to a person",
		Why:    "A name at either end says that somebody read the question and stands for the answer.",
		Source: "The e-tailing group's mystery shopping (2009, 100 merchants): 75 % personalised their answers; the halves are ours",
		Kind:   "mail", Task: "enquiry", Also: []Scope{{"mail", "complaint"}},
		Needs: []string{mailAnswered, mailNamesCustomer, mailNamesAgent},
		Unit:  evidence.Ratio,
		Curve: "Half for the customer's name, half for the name of the person who answers, averaged over the mails." + unansweredIsNought,
		Judge: halves(mailNamesCustomer, "customer named", mailNamesAgent, "agent named"),
	}
}

func empathy() Criterion {
	return Criterion{
		ID:     "empathy",
		Title:  "Complaints are met with courtesy",
		Why:    "Who complains wants first to be heard; an apology and a courteous word cost nothing.",
		Source: "Customer service is just about everything asks for people trained to talk with customers; the halves are ours",
		Kind:   "mail", Task: "complaint",
		Needs: []string{mailAnswered, mailApology, mailCourtesy},
		Unit:  evidence.Ratio,
		Curve: "Half for an apology, half for a courteous word, averaged over the complaints." + unansweredIsNought,
		Judge: halves(mailApology, "apology", mailCourtesy, "courtesy"),
	}
}

func language() Criterion {
	return Criterion{
		ID:     "language",
		Title:  "Answers in the customer's language",
		Why:    "An answer that the customer cannot read is none.",
		Source: "The rule is ours",
		Kind:   "mail",
		Needs:  []string{mailAnswered, mailLanguageSame},
		Unit:   evidence.Ratio,
		Curve:  "The share of mails answered in the language of the question; answers too short to tell are left out." + unansweredIsNought,
		Judge:  ofAnswers(mailLanguageSame, func(c Case) bool { return c.Flag(mailLanguageSame) }),
	}
}

func redirectOnly() Criterion {
	return Criterion{
		ID:     "redirect-only",
		Title:  "Answers, and does not only point elsewhere",
		Why:    "“Please see our FAQ” sends the customer back to the pages that had not helped.",
		Source: "Rethinking e-commerce service (July 1999): the problem is solved without being sent elsewhere",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailAnswered, mailRedirectOnly},
		Unit:  evidence.Ratio,
		Curve: "The share of mails whose answer does more than name a page or a number." + unansweredIsNought,
		Judge: ofAnswers(mailRedirectOnly, unflagged(mailRedirectOnly)),
	}
}

func wrongQuestion() Criterion {
	return Criterion{
		ID:     "wrong-question",
		Title:  "Answers the question that was asked",
		Why:    "An answer to another question shows that nobody read this one, and costs the customer a second mail.",
		Source: "The article on small firms against the giants, on automated answers to the wrong question",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailAnswered, mailWrongQuestion},
		Unit:  evidence.Ratio,
		Curve: "The share of mails whose first answer by a person is not about another matter than the question; answers in another language are left out." + unansweredIsNought,
		Judge: ofAnswers(mailWrongQuestion, unflagged(mailWrongQuestion)),
	}
}

func concision() Criterion {
	words, grade := Linear(125, 400), readingCurve()
	return Criterion{
		ID:     "concision",
		Title:  "Short and plain answers",
		Why:    "The customer wants the answer, and to find it in the mail at once.",
		Source: "Wrong Number: clear and concise, by a human; Flesch–Kincaid grade (Kincaid et al. 1975); the scales are ours",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailAnswered, mailWords, mailReadingGrade},
		Unit:  evidence.Ratio,
		Curve: "A straight line from 100 points at 125 of the writer's own words to 0 at 400; in English averaged with one from 100 at school grade 8 to 0 at 16. Averaged over the mails." + unansweredIsNought,
		Judge: func(f Facts) Mark {
			cases, warnings, none := answers(f, mailWords)
			if none != nil {
				return *none
			}
			var sum float64
			var lengths []float64
			plain := each(cases, func(i int) float64 {
				if !cases[i].Flag(mailAnswered) {
					return 0
				}
				n, _ := cases[i].Number(mailWords)
				lengths = append(lengths, n)
				points := words(n)
				if g, ok := cases[i].Number(mailReadingGrade); ok {
					points = (points + grade(g)) / 2
				}
				sum += points
				return points
			})
			m := Mark{Score: sum / float64(len(cases)), N: len(cases), Warnings: warnings, Shown: "never answered", Each: plain, Interval: meanInterval(plain)}
			if len(lengths) > 0 {
				m.Shown = fmt.Sprintf("%.0f words", median(lengths))
			}
			m.Value = m.Score
			return m
		},
	}
}

// A canned text is the same answer to another question. Only answers to
// different scenarios are compared, since the same question deserves the same one.
func cannedShare() Criterion {
	return Criterion{
		ID:     "canned-share",
		Title:  "Each question gets its own answer",
		Why:    "The same text to every question shows that none was read.",
		Source: "The article on small firms against the giants, on automated answers to the wrong question; resemblance of shingles by Broder (1997); the cut at one half is ours",
		Kind:   "mail",
		Needs:  []string{mailAnswered, mailClass, mailText},
		Unit:   evidence.Ratio,
		Curve:  "The share of mails whose first answer by a person resembles none to another scenario: fewer than half of the three-word runs of both together are common to them." + unansweredIsNought + " It does not apply with fewer than two scenarios answered.",
		Judge: func(f Facts) Mark {
			type reply struct {
				scenario string
				runs     map[string]bool
			}
			var replies []reply
			scenarios := map[string]bool{}
			n := 0
			for _, c := range f.Cases {
				text, ok := firstHuman(c)
				if ok {
					replies = append(replies, reply{c.Probe.Scenario, shingles(text)})
					scenarios[c.Probe.Scenario] = true
				}
				if ok || !c.Flag(mailAnswered) { // else our own gap
					n++
				}
			}
			if len(scenarios) < 2 {
				return Mark{State: NotApplicable, Reason: "fewer than two different scenarios were answered"}
			}
			own := 0
			for _, a := range replies {
				alike := false
				for _, b := range replies {
					alike = alike || a.scenario != b.scenario && resemblance(a.runs, b.runs) >= 0.5
				}
				if !alike {
					own++
				}
			}
			p := Proportion(own, n)
			// No interval: whether an answer is canned depends on the others.
			return Mark{Score: p, Value: p, N: n, Shown: fmt.Sprintf("an answer of its own to %d of %d", own, n)}
		},
	}
}

// firstHuman gives the own words of the first answer by a person. Arrivals are
// in the order of their coming.
func firstHuman(c Case) (string, bool) {
	for _, f := range c.facts {
		if f.Name == mailClass && f.Text == "human" {
			return c.TextAt(mailText, f.Step)
		}
	}
	return "", false
}

// shingles gives the set of runs of three words, in lower case; of a shorter
// text the one run that it is.
func shingles(text string) map[string]bool {
	const run = 3
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		letter := 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r >= 0xC0 && (r < 0x2000 || r > 0x206F) // no general punctuation
		return !letter
	})
	set := map[string]bool{}
	for i := range max(len(words)-run+1, 1) {
		set[strings.Join(words[i:min(i+run, len(words))], " ")] = true
	}
	return set
}

// resemblance is |a ∩ b| / |a ∪ b|, in [0,1] (Broder 1997).
func resemblance(a, b map[string]bool) float64 {
	common := 0
	for s := range a {
		if b[s] {
			common++
		}
	}
	return Proportion(common, len(a)+len(b)-common)
}

// answers gives the unanswered mails and those of the answered ones that
// recorded the fact, which some answers do not allow (an unknown language).
// Where no answer recorded it the criterion does not apply.
func answers(f Facts, fact string) (cases []Case, warnings []string, none *Mark) {
	answered, known := 0, 0
	for _, c := range f.Cases {
		switch {
		case !c.Flag(mailAnswered) && c.Outcome != evidence.Completed:
			cases = append(cases, c)
		case c.has(fact):
			cases = append(cases, c)
			known++
			answered++
		default:
			answered++
		}
	}
	if answered > 0 && known == 0 {
		return nil, nil, &Mark{State: NotApplicable, Reason: fmt.Sprintf("%s recorded no %s", plural(answered, "answer"), fact)}
	}
	if known < answered {
		warnings = []string{fmt.Sprintf("not counted: %d of %s, not having recorded %s", answered-known, plural(answered, "answer"), fact)}
	}
	return cases, warnings, nil
}

// ofAnswers judges by the proportion of mails that a person answered and that hit.
func ofAnswers(fact string, hit func(Case) bool) func(Facts) Mark {
	return func(f Facts) Mark {
		cases, warnings, none := answers(f, fact)
		if none != nil {
			return *none
		}
		m := share(cases, func(c Case) bool { return c.Flag(mailAnswered) && hit(c) })
		m.Warnings = warnings
		return m
	}
}

// halves gives each of two flags of an answer half of the points.
func halves(a, wordA, b, wordB string) func(Facts) Mark {
	return func(f Facts) Mark {
		cases, warnings, none := answers(f, a)
		if none != nil {
			return *none
		}
		var ka, kb int
		halves := each(cases, func(i int) float64 {
			points, c := 0.0, cases[i]
			if c.Flag(mailAnswered) && c.Flag(a) {
				ka++
				points += 0.5
			}
			if c.Flag(mailAnswered) && c.Flag(b) {
				kb++
				points += 0.5
			}
			return points
		})
		n := len(cases)
		p := Proportion(ka+kb, 2*n)
		return Mark{Score: p, Value: p, N: n, Warnings: warnings, Each: halves, Interval: meanInterval(halves), Shown: fmt.Sprintf("%s %d, %s %d of %d", wordA, ka, wordB, kb, n)}
	}
}
