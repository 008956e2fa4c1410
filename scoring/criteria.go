package scoring

import (
	"fmt"
	"slices"

	"touchstone/internal/evidence"
	"touchstone/scoring/stat"
)

// Criteria lists every criterion that a scorecard may weigh. One more is one
// more function and one more line.
func Criteria() []Criterion {
	return slices.Concat([]Criterion{
		// Mail.
		addressDeliverable(),
		acknowledgement(),
		acknowledgementContent(),
		firstHumanReplyTime(),
		businessHoursReplyTime(),
		responseBucket(),
		responseApdex(),
		nonResponse(),
		deadLetterBox(),
		questionsAnswered(),
		wrongQuestion(),
		personalisation(),
		cannedShare(),
		empathy(),
		language(),
		concision(),
		redirectOnly(),
		promiseKept(),
		repliable(),
		exchangesToResolution(),
		askedAgain(),
		correctness(),
		followUp(),
		closedWithoutAnswer(),
		mailAuthentication(),
		repeatConsistency(),
		// Contact: address, form, phone.
		addressPublished(),
		formDistance(),
		formFields(),
		formWall(),
		formSubmission(),
		formConsent(),
		formReceipt(),
		formReplyTime(),
		phoneProminence(),
		phoneLink(),
		// Help.
		faqPresence(),
		helpSearch(),
		readability(),
		deadHelpLinks(),
		properChannelDistance(),
		// Checkout.
		checkoutSuccess(),
		checkoutClicks(),
		checkoutFields(),
		checkoutSteps(),
		guestCheckout(),
		costBeforeData(),
		stockShown(),
		deliveryDate(),
		helpInCheckout(),
		cartPersistence(),
		pageVitals(),
		orderConfirmationTime(),
		// Marketing.
		unsolicitedNewsletter(),
		consentPreticked(),
		newsletterConsent(),
		newsletterConfirmation(),
		unsubscribe(),
		unsubscribeEffort(),
		oneClickUnsubscribe(),
		earlyTracking(),
		aliasLeak(),
		mailVolume(),
		postalAddress(),
		// Control of the site.
		priceConsistency(),
		offerApplied(),
		unexpectedExtras(),
		discontinuedItems(),
		outOfStockSign(),
		expiredOffers(),
		availability(),
		deadLinks(),
		// Telephone.
		phoneTimeToAnswer(),
		phoneQuestionsAnswered(),
		phoneHours(),
		phoneCost(),
		phoneAtCheckout(),
		callBackOffer(),
		helpLeadsToHuman(),
		numberConsistency(),
		// Chat.
		chatPresence(),
		chatAtPointOfSale(),
		chatOpen(),
		chatEntry(),
		chatFirstMessageTime(),
		chatFirstHumanTime(),
		chatUnanswered(),
		botDisclosure(),
		turnsToHuman(),
		chatQuestionsAnswered(),
		transcriptOffered(),
		contextKept(),
		// After the purchase.
		purchaseConfirmation(),
		orderConfirmationContent(),
		shippingNotice(),
		deliveryPromise(),
		deliveryFollowUp(),
		refundTime(),
		cancellationAcknowledged(),
		declinedCardRecovery(),
		// Effort.
		maze(),
		taskEffort(),
		stepTime(),
		dataReuse(),
	}, helpTasksDone(), selfService(), recoveries())
}

// share judges by the proportion of probes that hit.
func share(cases []Case, hit func(Case) bool) Mark {
	k, n := 0, len(cases)
	hits := each(cases, func(i int) float64 {
		if hit(cases[i]) {
			k++
			return 1
		}
		return 0
	})
	iv := stat.Wilson(k, n, level)
	p := Proportion(k, n)
	return Mark{Score: p, Value: p, Unit: evidence.Ratio, Shown: fmt.Sprintf("%d of %d", k, n), K: k, N: n, Interval: &iv, Each: hits}
}

// flagged judges by the proportion of probes that recorded the fact as true.
func flagged(fact string) func(Facts) Mark {
	return func(f Facts) Mark {
		cases, warnings, none := recorded(f, fact)
		if none != nil {
			return *none
		}
		m := share(cases, func(c Case) bool { return c.Flag(fact) })
		m.Warnings = warnings
		return m
	}
}

// among gives the cases that pass, or a mark that says why there is nothing to judge.
func among(f Facts, why string, pass func(Case) bool) ([]Case, *Mark) {
	var cases []Case
	for _, c := range f.Cases {
		if pass(c) {
			cases = append(cases, c)
		}
	}
	if len(cases) == 0 {
		return nil, &Mark{State: NotApplicable, Reason: why}
	}
	return cases, nil
}

// where judges by the proportion that hit among the probes that recorded the
// fact. Facts that apply only sometimes (a promise, a box for consent) are
// recorded only then: where none is, the criterion does not apply, and why says so.
func where(fact, why string, hit func(Case) bool) func(Facts) Mark {
	return func(f Facts) Mark {
		cases, none := among(f, why, func(c Case) bool { return c.has(fact) })
		if none != nil {
			return *none
		}
		return share(cases, hit)
	}
}

// unflagged is the hit of a probe that recorded the fact as false or nought.
func unflagged(fact string) func(Case) bool {
	return func(c Case) bool { return c.has(fact) && !c.Flag(fact) }
}

// recorded leaves out the probes that completed without recording a fact which
// completing implies: that is the probe's own fault, so it must not count
// against the site. Where nothing is left, the mark says so; else the warning.
func recorded(f Facts, name string) (cases []Case, warnings []string, none *Mark) {
	brought := 0
	for _, c := range f.Cases {
		switch {
		case c.Brought && c.Outcome == evidence.Completed && !c.has(name):
			brought++
		case c.Outcome != evidence.Completed || c.has(name):
			cases = append(cases, c)
		}
	}
	switch n := len(f.Cases); {
	case brought == n:
		return nil, nil, &Mark{State: NotApplicable, Reason: "what was brought does not give " + name}
	case len(cases) == 0:
		return nil, nil, &Mark{State: NotMeasured, Reason: fmt.Sprintf("%s recorded no %s", plural(n, "probe"), name)}
	case len(cases) < n:
		warnings = []string{fmt.Sprintf("not counted: %d of %s, not having recorded %s", n-len(cases), plural(n, "probe"), name)}
	}
	return cases, warnings, nil
}
