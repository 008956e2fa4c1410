package scoring

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"touchstone/internal/evidence"
)

// The criteria of what an exchange of mails comes to: is it right, does it
// end with an answer, is it what it says it is.

// Facts of the mail probe that these criteria need.
const (
	mailChecked      = "mail.checked"
	mailContradicted = "mail.contradicted"
	mailFollowUp     = "mail.follow-up"
	mailClosed       = "mail.closed-unanswered"
	mailSPF          = "mail.spf"
	mailDKIM         = "mail.dkim"
	mailDMARC        = "mail.dmarc"
	mailInJunk       = "mail.answer-in-junk"
	mailVerdict      = "mail.question-answered" // one for each question
	mailProof        = "mail.question-proof"    // likewise, the words that answer it
	mailPostal       = "mail.postal-address"
	mailLeaked       = "mail.leaked"
)

func correctness() Criterion {
	return Criterion{
		ID: "correctness", Title: "Answers are right",
		Why:    "A wrong answer is worse than none: the customer acts on it.",
		Source: "BenchmarkPortal (2004, 300 companies): 83 % inaccurate or incomplete; Gomez (2000, 79 sites)",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailAnswered, mailChecked, mailContradicted}, Unit: evidence.Ratio,
		Curve: "Of the questions for which the scenario says what would be wrong, the share of which the answers do not say it, averaged over the mails." + unansweredIsNought,
		Judge: func(f Facts) Mark {
			cases, none := among(f, "no scenario says what would be wrong", func(c Case) bool { return c.Flag(mailChecked) })
			if none != nil {
				return *none
			}
			wrong, asked := 0, 0
			right := each(cases, func(i int) float64 {
				n, _ := cases[i].Number(mailChecked)
				k, _ := cases[i].Number(mailContradicted)
				if !cases[i].Flag(mailAnswered) {
					return 0
				}
				wrong, asked = wrong+int(k), asked+int(n)
				return 1 - min(k/n, 1)
			})
			score := meanOf(scores(right))
			return Mark{Score: score, Value: score, Each: right, Interval: meanInterval(right), Shown: fmt.Sprintf("%d of %s answered wrongly", wrong, plural(asked, "question"))}
		},
	}
}

func followUp() Criterion {
	return Criterion{
		ID: "follow-up", Title: "Somebody asks whether it helped",
		Why:    "It is the last chance to mend an answer that did not help.",
		Source: "SuperOffice (2017, 500 companies)",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailFollowUp}, Unit: evidence.Ratio,
		Curve: "The share of answered mails after which somebody asked whether all was well, within the window.",
		Judge: where(mailFollowUp, "no mail was answered", func(c Case) bool { return c.Flag(mailFollowUp) }),
	}
}

func closedWithoutAnswer() Criterion {
	return Criterion{
		ID: "closed-without-answer", Title: "No case is closed unanswered",
		Why:    "A case that is closed without a word tells the customer that nobody means to answer.",
		Source: "The rule is ours",
		Kind:   "mail", Task: "enquiry", Also: []Scope{{"mail", "complaint"}},
		Needs: []string{mailClosed}, Unit: evidence.Ratio,
		Curve: "The share of mails that no machine declared closed before a person had answered.",
		Judge: where(mailClosed, "no probe watched for it", unflagged(mailClosed)),
	}
}

func mailAuthentication() Criterion {
	checks := []string{mailSPF, mailDKIM, mailDMARC}
	return Criterion{
		ID: "mail-authentication", Title: "Answers arrive as what they are",
		Why:    "An answer in the folder for spam is none; one that does not prove its sender soon ends there.",
		Source: "RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC), RFC 8601; equal thirds are ours",
		Kind:   "mail",
		Needs:  append([]string{mailInJunk}, checks...), Unit: evidence.Ratio,
		Curve: "Of SPF, DKIM and DMARC, as far as our own receiving server reports them, the share that passes, averaged over the mails that brought something; one that was found among the spam gets 0. It does not apply where our server reports none.",
		Judge: func(f Facts) Mark {
			reported := func(c Case) (k, n int) {
				for _, check := range checks {
					if v, ok := c.Text(check); ok {
						n++
						if v == "pass" {
							k++
						}
					}
				}
				return k, n
			}
			cases, none := among(f, "our receiving server reports no check of the sender", func(c Case) bool { _, n := reported(c); return n > 0 || c.Flag(mailInJunk) })
			if none != nil {
				return *none
			}
			junk, passed, asked := 0, 0, 0
			proven := each(cases, func(i int) float64 {
				k, n := reported(cases[i])
				passed, asked = passed+k, asked+n
				if cases[i].Flag(mailInJunk) {
					junk++
					return 0
				}
				return Proportion(k, n)
			})
			score := meanOf(scores(proven))
			return Mark{Score: score, Value: score, Each: proven, Interval: meanInterval(proven), Shown: fmt.Sprintf("%d of %s passed, %d of %d among the spam", passed, plural(asked, "check"), junk, len(cases))}
		},
	}
}

func repeatConsistency() Criterion {
	return Criterion{
		ID: "repeat-consistency", Title: "The same question gets the same answer",
		Why:    "Two answers to one question mean that one is wrong, and the customer can't tell which.",
		Source: "eGain, benchmarks of service (2008 to 2010), asks two agents the same; the rule is ours",
		Kind:   "mail", Task: "enquiry",
		Needs: []string{mailAnswered, mailVerdict, mailProof}, Unit: evidence.Ratio,
		Curve: "Of the questions that one scenario asked more than once and that were answered each time, the share of which the answers hold the same numbers. It does not apply to a wave without repeats.",
		Judge: func(f Facts) Mark {
			type asked struct{ scenario, step string }
			said := map[asked][]string{}
			for _, c := range f.Cases {
				for _, f := range c.facts {
					if proof, ok := c.TextAt(mailProof, f.Step); ok && f.Name == mailVerdict && f.Text == "answered" {
						at := asked{c.Probe.Scenario, f.Step}
						said[at] = append(said[at], numbersIn(proof))
					}
				}
			}
			k, n := 0, 0
			for _, all := range said {
				if len(all) < 2 {
					continue
				}
				n++
				if len(slices.Compact(slices.Sorted(slices.Values(all)))) == 1 {
					k++
				}
			}
			if n == 0 {
				return Mark{State: NotApplicable, Reason: "no question was asked, and answered, more than once"}
			}
			p := Proportion(k, n)
			// Questions are counted, not probes: so neither K nor an interval.
			return Mark{Score: p, Value: p, Shown: fmt.Sprintf("the same to %d of %s", k, plural(n, "question"))}
		},
	}
}

var (
	quoted = regexp.MustCompile(`“([^”]*)”`)
	number = regexp.MustCompile(`\d+(?:[.,]\d+)?`)
)

// numbersIn gives the numbers in the words that prove an answer, sorted. The
// places of the words do not count.
func numbersIn(proof string) string {
	var all []string
	for _, q := range quoted.FindAllStringSubmatch(proof, -1) {
		all = append(all, number.FindAllString(strings.ReplaceAll(q[1], ",", "."), -1)...)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

func aliasLeak() Criterion {
	return Criterion{
		ID: "alias-leak", Title: "The address stays with the shop",
		Why:    "An address that was given to one shop alone, and strangers write to, was passed on.",
		Source: "Regulation (EU) 2016/679, article 5(1)(b); the rule is ours",
		Kind:   "mail", Also: []Scope{{Kind: "newsletter"}}, Needs: []string{mailLeaked}, Unit: evidence.Ratio,
		Curve: "The share of our addresses, each known to one shop alone, to which no newsletter came from a domain that is neither the shop's nor a mail service's.",
		Judge: where(mailLeaked, "no probe watched for it", unflagged(mailLeaked)),
	}
}

func mailVolume() Criterion {
	return Criterion{
		ID: "mail-volume", Title: "Little advertising follows",
		Why:    "Every newsletter that nobody ordered hides a mail that somebody waits for.",
		Source: "Resource Marketing, in the article on small firms against the giants; the scale is ours",
		Kind:   "mail", Needs: []string{mailBulk}, Unit: evidence.Count,
		Curve: "A straight line from 100 points at no newsletter within the window to 0 at 5, averaged over our addresses.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "no probe counted newsletters", func(c Case) bool { return c.has(mailBulk) })
			if none != nil {
				return *none
			}
			line := Linear(0, 5)
			counts := numbers(cases, mailBulk)
			m := Mark{Score: mean(counts, line), Value: meanOf(counts), N: len(cases)}
			m.Each = each(cases, func(i int) float64 { return line(counts[i]) })
			m.Shown = fmt.Sprintf("%.3g an address", m.Value)
			return m
		},
	}
}

func postalAddress() Criterion {
	return Criterion{
		ID: "postal-address", Title: "Mails say where the shop is",
		Why:    "Who can be found can be held to what was said.",
		Source: "Directive 2000/31/EC, article 5(1); 15 U.S.C. 7704(a)(5) (CAN-SPAM) for advertising",
		Kind:   "mail", Also: []Scope{{Kind: "newsletter"}}, Needs: []string{mailPostal}, Unit: evidence.Ratio,
		Curve: "The share of exchanges in which a mail gave a street and a town, among those in which one came.",
		Judge: where(mailPostal, "no mail came", func(c Case) bool { return c.Flag(mailPostal) }),
	}
}
