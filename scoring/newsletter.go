package scoring

import "touchstone/internal/evidence"

// The criteria of a newsletter that was asked for: how leave for it is taken,
// and whether it can be taken back.

// Facts that these criteria need.
const (
	newsIssues      = "newsletter.issues"
	newsBox         = "newsletter.consent-box"
	newsPreticked   = "newsletter.consent-preticked"
	newsSeparate    = "newsletter.consent-separate"
	newsOptIn       = "newsletter.opt-in"
	newsUnconfirmed = "newsletter.unconfirmed-issues"
	newsOneClick    = "newsletter.one-click"
	newsLeft        = "newsletter.left"
	newsLate        = "newsletter.issues-after-grace"
	newsJoinClicks  = "newsletter.join-clicks"
	newsLeaveClicks = "newsletter.leave-clicks"
	newsLogin       = "newsletter.leave-login"
	newsSurvey      = "newsletter.leave-survey"
	newsAddress     = "newsletter.leave-address"
)

func newsletterConsent() Criterion {
	return Criterion{
		ID: "newsletter-consent", Title: "The newsletter is asked for plainly",
		Why:    "Consent that was ticked beforehand, or is hidden in the terms of sale, was not given.",
		Source: "Regulation (EU) 2016/679, articles 4(11) and 7(2); Court of Justice of the EU, C-673/17, Planet49 (2019)",
		Kind:   "newsletter", Needs: []string{newsBox, newsPreticked, newsSeparate}, Unit: evidence.Ratio,
		Curve: "The share of sign-ups in which no box was ticked beforehand and none asked for the newsletter and the terms of sale in one. A form without a box, whose only purpose is the newsletter, needs none.",
		Judge: where(newsBox, "no sign-up saw the form", func(c Case) bool {
			return !c.Flag(newsBox) || !c.Flag(newsPreticked) && c.Flag(newsSeparate)
		}),
	}
}

func newsletterConfirmation() Criterion {
	return Criterion{
		ID: "newsletter-confirmation", Title: "A sign-up is confirmed first",
		Why:    "Anybody can type somebody else's address; only a mail to it shows whose wish it was.",
		Source: "Federal Court of Justice of Germany, I ZR 164/09 (2011), on double opt-in as proof of consent; the rule is ours",
		Kind:   "newsletter", Needs: []string{newsOptIn, newsUnconfirmed}, Unit: evidence.Ratio,
		Curve: "The share of sign-ups, among those that a mail followed, in which one asked for the confirmation and no newsletter came before it was given.",
		Judge: where(newsOptIn, "no mail followed a sign-up", func(c Case) bool {
			early, _ := c.Number(newsUnconfirmed)
			return c.Flag(newsOptIn) && early == 0
		}),
	}
}

func unsubscribe() Criterion {
	return Criterion{
		ID: "unsubscribe", Title: "Who leaves the newsletter is left alone",
		Why:    "A list that cannot be left, or that forgets who left, makes every later mail an intrusion.",
		Source: "15 U.S.C. 7704(a)(4) and 16 CFR 316.4 (CAN-SPAM): ten business days; Regulation (EU) 2016/679, article 21(3)",
		Kind:   "newsletter", Needs: []string{newsLeft, newsLate}, Unit: evidence.Ratio,
		Curve: "The share of newsletters that could be left by a way that they offer and of which none came after ten business days. It does not apply where no newsletter came, or what became of leaving is not known.",
		Judge: func(f Facts) Mark {
			cases, none := among(f, "no newsletter came that could be left, or what became of leaving is not known", func(c Case) bool {
				return c.has(newsLeft) && (!c.Flag(newsLeft) || c.has(newsLate))
			})
			if none != nil {
				return *none
			}
			return share(cases, func(c Case) bool {
				late, _ := c.Number(newsLate)
				return c.Flag(newsLeft) && late == 0
			})
		},
	}
}

func unsubscribeEffort() Criterion {
	return Criterion{
		ID: "unsubscribe-effort", Title: "Leaving is as easy as joining",
		Why:    "A way out that wants a log-in, a reason or a search is meant not to be taken.",
		Source: "Regulation (EU) 2016/679, article 7(3): as easy to withdraw as to give consent; how presses are set against typing is ours",
		Kind:   "newsletter", Needs: []string{newsLeft, newsJoinClicks, newsLeaveClicks, newsLogin, newsSurvey, newsAddress}, Unit: evidence.Ratio,
		Curve: "The share of newsletters that were left without a log-in, without giving a reason and without typing the address again, in no more presses than joining took and one, which the address typed then is held worth.",
		Judge: where(newsLeft, "no newsletter came that could be left", func(c Case) bool {
			join, counted := c.Number(newsJoinClicks)
			leave, _ := c.Number(newsLeaveClicks)
			return c.Flag(newsLeft) && !c.Flag(newsLogin) && !c.Flag(newsSurvey) && !c.Flag(newsAddress) && (!counted || leave <= join+1)
		}),
	}
}

func oneClickUnsubscribe() Criterion {
	return Criterion{
		ID: "one-click-unsubscribe", Title: "Mail programs can unsubscribe",
		Why:    "The button beside the sender's name is where people look; without it they press the one for spam.",
		Source: "RFC 8058; Google's and Yahoo's requirements for bulk senders (2024)",
		Kind:   "newsletter", Needs: []string{newsIssues, newsOneClick}, Unit: evidence.Ratio,
		Curve: "The share of newsletters of which every issue carried the fields of a one-click unsubscription. It does not apply where none came.",
		Judge: where(newsOneClick, "no newsletter came", func(c Case) bool { return c.Flag(newsOneClick) }),
	}
}
