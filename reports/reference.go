package reports

import (
	"cmp"
	"slices"
)

// A Reference is a published figure that a chart may show beside the panel's.
// Sources conflict with one another; all are kept, none is corrected.
type Reference struct {
	ID         string           `json:"id"`
	Topic      string           `json:"topic"`  // figures of one topic stand side by side, also where they conflict
	Short      string           `json:"short"`  // as a chart labels it
	Figure     string           `json:"figure"` // in words
	Source     string           `json:"source"`
	Year       int              `json:"year"` // 0: unknown
	N          int              `json:"n"`    // 0: unknown
	Of         string           `json:"of"`   // what n counts
	Definition string           `json:"definition"`
	Shares     []ReferenceShare `json:"shares,omitempty"`
}

// A ReferenceShare is one published share, and the classes of ours that it
// lumps together.
type ReferenceShare struct {
	Label  string   `json:"label"`
	Covers []string `json:"covers"`
	Share  float64  `json:"share"`
}

// The classes of response time, after Jupiter's, as the mail probe records them.
const (
	bucketBounced = "bounced"
	bucketNever   = "never"
	bucket6h      = "≤6 h"
	bucket24h     = "6–24 h"
	bucket2d      = "1–2 d"
	bucket3d      = "2–3 d"
	bucket5d      = "3–5 d"
	bucketLater   = "≥5 d"
	bucketNone    = "no channel" // no mail system, or no address found
)

// buckets are in the order in which a chart shows them.
var buckets = []string{bucket6h, bucket24h, bucket2d, bucket3d, bucket5d, bucketLater, bucketNever, bucketBounced, bucketNone}

// gradeReferences stand beside the distribution of grades.
func gradeReferences() []Reference {
	return []Reference{{
		ID: "gartner-2000", Topic: topicGrades, Short: "Gartner 2000", Year: 2000, N: 50, Of: "sites",
		Figure:     "No site excellent or good, 23 in 100 average, 73 below average, 4 poor",
		Source:     "Gartner, study of customer service at online shops",
		Definition: "Graded on the features and the service that a site offers its customers, by mail and on its pages. The published shares are no split of 50 sites; 48 sites (0, 0, 11, 35, 2) is the nearest number that fits. Gartner's grades rest on other criteria than ours: read the shape, not the decimal.",
		Shares: []ReferenceShare{
			{"Excellent", []string{"excellent"}, 0},
			{"Good", []string{"good"}, 0},
			{"Average", []string{"average"}, 0.23},
			{"Below average", []string{"below average"}, 0.73},
			{"Poor", []string{"poor"}, 0.04},
		},
	}}
}

// answerReferences stand beside the classes of response time.
func answerReferences() []Reference {
	within24 := []string{bucket6h, bucket24h}
	twoDays := []string{bucket2d, bucket3d}
	late := []string{bucket5d, bucketLater, bucketNever}
	failing := []string{bucketLater, bucketNever, bucketBounced, bucketNone}
	const jupiter = "One question by mail to each site; the share is of sites. Failing in total is no mail system, never, or 5 days and more; which sites had no mail system was not published."
	const webtrack = "Response to a customer's mail; the share is of sites. “About 2 days” is set beside our classes from 1 to 3 days, which is our reading."
	return []Reference{
		{
			ID: "jupiter-1998-08", Topic: topicMail, Short: "Jupiter Aug 1998", Year: 1998, N: 125, Of: "sites",
			Figure:     "Never answered 23 in 100, 5 days or more 3; failing in total 42 (a later release says 38)",
			Source:     "Jupiter Communications, first wave",
			Definition: jupiter,
			Shares:     []ReferenceShare{{"Never", []string{bucketNever}, 0.23}, {"5 days or more", []string{bucketLater}, 0.03}, {"Failing in total", failing, 0.42}},
		},
		{
			ID: "jupiter-1999-01", Topic: topicMail, Short: "Jupiter Jan 1999", Year: 1999, N: 125, Of: "sites",
			Figure:     "Never answered 26 in 100, 5 days or more 15; failing in total 46 by a later release",
			Source:     "Jupiter Communications, second wave",
			Definition: jupiter + " Against the first wave, the change in “never” is within chance (29 to 33 of 125, z 0.59), that in “5 days or more” is not (4 to 19 of 125, z 3.28).",
			Shares:     []ReferenceShare{{"Never", []string{bucketNever}, 0.26}, {"5 days or more", []string{bucketLater}, 0.15}, {"Failing in total", failing, 0.46}},
		},
		{
			ID: "jupiter-2001-12", Topic: topicMail, Short: "Jupiter Dec 2001", Year: 2001, N: 250, Of: "sites",
			Figure:     "Within 6 hours 22 in 100, 6 to 24 hours 17, about 2 days 14, 3 days or more or never 46; acknowledged 30",
			Source:     "JupiterResearch, WebTrack",
			Definition: webtrack,
			Shares:     []ReferenceShare{{"Within 6 h", []string{bucket6h}, 0.22}, {"6 to 24 h", []string{bucket24h}, 0.17}, {"About 2 days", twoDays, 0.14}, {"3 days or more, or never", late, 0.46}},
		},
		{
			ID: "jupiter-2002-08", Topic: topicMail, Short: "Jupiter Aug 2002", Year: 2002, N: 227, Of: "sites",
			Figure:     "Within 6 hours 38 in 100, 6 to 24 hours 22, about 2 days 18, 3 days or more or never 23; acknowledged 36",
			Source:     "JupiterResearch, WebTrack",
			Definition: webtrack,
			Shares:     []ReferenceShare{{"Within 6 h", []string{bucket6h}, 0.38}, {"6 to 24 h", []string{bucket24h}, 0.22}, {"About 2 days", twoDays, 0.18}, {"3 days or more, or never", late, 0.23}},
		},
		{
			ID: "egain-2008", Topic: topicMail, Short: "eGain 2008", Year: 2008, Of: "companies",
			Figure:     "Retail: no reply 25 in 100, within 24 hours 65",
			Source:     "eGain, benchmark of service by mail, retail in North America",
			Definition: "A vendor's own mystery shopping; the number of retailers behind the share is not given.",
			Shares:     []ReferenceShare{{"Within 24 h", within24, 0.65}, {"Never", []string{bucketNever}, 0.25}},
		},
	}
}

// Topics of published figures.
const (
	topicGrades   = "grades"
	topicFeatures = "what sites offer"
	topicMail     = "answers by mail"
	topicChat     = "answers by chat"
	topicBuying   = "buying"
	topicCost     = "cost and custom"
)

// otherReferences stand in the appendix: their classes are not ours.
func otherReferences() []Reference {
	const vendor = " A vendor's own mystery shopping."
	return []Reference{
		{
			ID: "egain-bands", Topic: topicGrades, Short: "eGain 2010", Year: 2010, Of: "companies",
			Figure: "On a scale from 0 to 4: retail 2.3 on the mean, all sectors 1.9", Source: "eGain, benchmark of service across channels",
			Definition: "Bands: poor below 1, below average below 2, above average below 3, exceptional from 3. The scorecard egain draws its grades there." + vendor,
		},
		{
			ID: "gartner-2000-features", Topic: topicFeatures, Short: "Gartner 2000", Year: 2000, N: 50, Of: "sites",
			Figure: "FAQ 45 of 50, acknowledges a mail 14, instant messaging 12, tracks an inquiry 5, call back 3", Source: "Gartner, eTail eService study",
			Definition: "Whether the site has it at all. The grades of the same study are no split of 50 sites.",
		},
		{
			ID: "jupiter-2005-12", Topic: topicMail, Short: "Jupiter Dec 2005", Year: 2005, N: 255, Of: "sites",
			Figure: "Offers mail 92 in 100, acknowledged 41, resolved within 24 hours 45, 3 days or more or never 39", Source: "JupiterResearch",
			Definition: "Resolved, where the waves before say answered: the class is not the same. The share of sites.",
		},
		{
			ID: "benchmarkportal-2004", Topic: topicMail, Short: "BenchmarkPortal 2004", Year: 2004, N: 300, Of: "enterprises",
			Figure: "No reply 41 in 100, inaccurate or incomplete 83, within 24 hours 40", Source: "BenchmarkPortal, study of service by mail",
			Definition: "The share of firms; inaccurate or incomplete is one class.",
		},
		{
			ID: "benchmarkportal-2005", Topic: topicMail, Short: "BenchmarkPortal 2005", Year: 2005, N: 147, Of: "small firms",
			Figure: "No reply 51 in 100, in retail 60", Source: "BenchmarkPortal, study of service by mail",
			Definition: "The share of firms; how many of them were in retail is unknown.",
		},
		{
			ID: "superoffice-2017", Topic: topicMail, Short: "SuperOffice 2017", Year: 2017, N: 500, Of: "companies",
			Figure: "No reply 41 in 100", Source: "SuperOffice, customer service benchmark",
			Definition: "The share of companies." + vendor,
		},
		{
			ID: "superoffice-2018", Topic: topicMail, Short: "SuperOffice 2018", Year: 2018, N: 1000, Of: "companies",
			Figure: "No reply 62 in 100, acknowledged 10, both questions answered 20; mean wait 12 h 10 min", Source: "SuperOffice, customer service benchmark",
			Definition: "The mean is over those alone that answered, so it flatters." + vendor,
		},
		{
			ID: "netomi-2020", Topic: topicMail, Short: "Netomi 2020", Year: 2020, N: 2000, Of: "shops",
			Figure: "59 in 100 have an address that is easily found; 30 of 100 of those never answer; half answer within 6 hours", Source: "Netomi",
			Definition: "The two later shares are of the shops with an address, about 1,180." + vendor,
		},
		{
			ID: "etailing-2002", Topic: topicMail, Short: "e-tailing 2002", Year: 2002, N: 100, Of: "merchants",
			Figure: "18.7 hours to answer a mail; 4.93 clicks to the checkout", Source: "The e-tailing group, mystery shopping",
			Definition: "The wait is a mean over the merchants that answered.",
		},
		{
			ID: "etailing-2009", Topic: topicMail, Short: "e-tailing 2009", Year: 2009, N: 100, Of: "merchants",
			Figure: "Correct 72 in 100, personalised 75", Source: "The e-tailing group, mystery shopping",
			Definition: "The share of answers by mail.",
		},
		{
			ID: "eptica-2014", Topic: topicMail, Short: "Eptica 2014", Year: 2014, N: 40, Of: "retailers",
			Figure: "Mail answered 63 in 100; the same answer across channels 13", Source: "Eptica, UK multichannel study",
			Definition: "Retailers in the United Kingdom." + vendor,
		},
		{
			ID: "eptica-2015", Topic: topicMail, Short: "Eptica 2015", Year: 2015, N: 40, Of: "retailers",
			Figure: "Mail answered 58 in 100, after 43 h 52 min", Source: "Eptica, UK multichannel study",
			Definition: "Mean wait over those that answered." + vendor,
		},
		{
			ID: "eptica-2016", Topic: topicMail, Short: "Eptica 2016", Year: 2016, N: 40, Of: "retailers",
			Figure: "Mail answered 55 in 100, after 32 h 53 min; the same answer across channels 10", Source: "Eptica, UK multichannel study",
			Definition: "Mean wait over those that answered: quicker, by answering fewer." + vendor,
		},
		{
			ID: "retailx-uk", Topic: topicMail, Short: "RetailX", Of: "retailers",
			Figure: "First answer: median 12 h, mean 23.5 h", Source: "RetailX, United Kingdom",
			Definition: "Year and n unknown; over those that answered.",
		},
		{
			ID: "gomez-2000", Topic: topicMail, Short: "Gomez 2000", Year: 2000, N: 79, Of: "sites",
			Figure: "14 in 100 firms answered 3 of 4 mails accurately; 30 of 100 mails were never answered", Source: "Gomez Advisors",
			Definition: "Four mails to each site; the first share is of firms, the second of mails.",
		},
		{
			ID: "toister-2020", Topic: topicMail, Short: "Toister 2020", Year: 2020, Of: "customers",
			Figure: "A reply within 1 hour satisfies 88 in 100 customers", Source: "Toister, survey",
			Definition: "What customers say that they expect, not what firms did.",
		},
		{
			ID: "chat-nl-2014", Topic: topicChat, Short: "Dutch sites 2014", Year: 2014, N: 108, Of: "sites",
			Figure: "Offline by day 42 in 100; first answer after 44 s; no answer in 5 minutes 13 of 108", Source: "Study of chat on Dutch sites",
			Definition: "Tried by day.",
		},
		{
			ID: "superoffice-chat", Topic: topicChat, Short: "SuperOffice, chat", N: 1000, Of: "sites",
			Figure: "Unanswered 21 in 100, wait 2 min 40 s, no transcript 55", Source: "SuperOffice, live chat benchmark",
			Definition: "Year unknown." + vendor,
		},
		{
			ID: "comm100-chat", Topic: topicChat, Short: "Comm100", Year: 2019, Of: "conversations",
			Figure: "Wait 45 s (2016), 37 s (2017), 48 s (2018), 46 s (2019)", Source: "Comm100",
			Definition: "A vendor's data of its own customers.",
		},
		{
			ID: "etailing-2014", Topic: topicFeatures, Short: "e-tailing 2014", Year: 2014, N: 100, Of: "merchants",
			Figure: "FAQ that can be searched 26 of 100", Source: "The e-tailing group, mystery shopping",
			Definition: "Whether the site has it.",
		},
		{
			ID: "baymard-2024", Topic: topicBuying, Short: "Baymard 2024", Year: 2024, Of: "sites",
			Figure: "5.1 steps of the checkout and 11.3 fields; 8 fields are reachable", Source: "Baymard Institute, checkout benchmark",
			Definition: "Means over the benchmark's sites; what is reachable is Baymard's own judgement.",
		},
		{
			ID: "lostness", Topic: topicBuying, Short: "Smith 1996", Year: 1996, Of: "visitors",
			Figure: "L = √((N/S−1)² + (R/N−1)²); above 0.4 a visitor is lost", Source: "Smith, Interacting with Computers",
			Definition: "N distinct pages, S pages visited, R fewest needed: N = 6, S = 9, R = 3 gives 0.60.",
		},
		{
			ID: "order-mail-1999", Topic: topicBuying, Short: "Consumers Int. 1999", Year: 1999, Of: "orders",
			Figure: "Order confirmed 65 in 100, shipping notice 13", Source: "Consumers International",
			Definition: "The share of orders.",
		},
		{
			ID: "order-mail-2008", Topic: topicBuying, Short: "e-tailing 2008", Year: 2008, Of: "merchants",
			Figure: "Shipping notice 84 in 100", Source: "The e-tailing group, mystery shopping",
			Definition: "Another study with another panel than that of 1999: the two are no series.",
		},
		{
			ID: "cost-1999", Topic: topicCost, Short: "July 1999", Year: 1999, Of: "contacts",
			Figure: "A contact by telephone 25 to 30 dollars, by self-service 2 to 3", Source: "Rethinking e-commerce service",
			Definition: "Printed without a sample. The operator's own figures replace them in the cost of contact.",
		},
		{
			ID: "human-help-2000", Topic: topicCost, Short: "2000", Year: 2000, Of: "customers",
			Figure: "63 in 100 online customers would buy more if human help were available", Source: "Success through person-to-person communication",
			Definition: "What customers say.",
		},
	}
}

// References lists every figure that a report shows, those of a topic side by side.
func References() []Reference {
	all := slices.Concat(gradeReferences(), answerReferences(), otherReferences())
	topics := []string{topicGrades, topicMail, topicFeatures, topicChat, topicBuying, topicCost}
	slices.SortStableFunc(all, func(a, b Reference) int {
		return cmp.Or(slices.Index(topics, a.Topic)-slices.Index(topics, b.Topic), cmp.Compare(a.Year, b.Year))
	})
	return all
}
