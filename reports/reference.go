package reports

// A Reference is a published figure that a chart may show beside the panel's.
// Sources conflict with one another; all are kept, none is corrected.
type Reference struct {
	ID         string           `json:"id"`
	Short      string           `json:"short"`  // as a chart labels it
	Figure     string           `json:"figure"` // in words
	Source     string           `json:"source"`
	Year       int              `json:"year"`
	N          int              `json:"n"`  // 0: unknown
	Of         string           `json:"of"` // what n counts
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
		ID: "gartner-2000", Short: "Gartner 2000", Year: 2000, N: 50, Of: "sites",
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
			ID: "jupiter-1998-08", Short: "Jupiter Aug 1998", Year: 1998, N: 125, Of: "sites",
			Figure:     "Never answered 23 in 100, 5 days or more 3; failing in total 42 (a later release says 38)",
			Source:     "Jupiter Communications, first wave",
			Definition: jupiter,
			Shares:     []ReferenceShare{{"Never", []string{bucketNever}, 0.23}, {"5 days or more", []string{bucketLater}, 0.03}, {"Failing in total", failing, 0.42}},
		},
		{
			ID: "jupiter-1999-01", Short: "Jupiter Jan 1999", Year: 1999, N: 125, Of: "sites",
			Figure:     "Never answered 26 in 100, 5 days or more 15; failing in total 46 by a later release",
			Source:     "Jupiter Communications, second wave",
			Definition: jupiter + " Against the first wave, the change in “never” is within chance (29 to 33 of 125, z 0.59), that in “5 days or more” is not (4 to 19 of 125, z 3.28).",
			Shares:     []ReferenceShare{{"Never", []string{bucketNever}, 0.26}, {"5 days or more", []string{bucketLater}, 0.15}, {"Failing in total", failing, 0.46}},
		},
		{
			ID: "jupiter-2001-12", Short: "Jupiter Dec 2001", Year: 2001, N: 250, Of: "sites",
			Figure:     "Within 6 hours 22 in 100, 6 to 24 hours 17, about 2 days 14, 3 days or more or never 46; acknowledged 30",
			Source:     "JupiterResearch, WebTrack",
			Definition: webtrack,
			Shares:     []ReferenceShare{{"Within 6 h", []string{bucket6h}, 0.22}, {"6 to 24 h", []string{bucket24h}, 0.17}, {"About 2 days", twoDays, 0.14}, {"3 days or more, or never", late, 0.46}},
		},
		{
			ID: "jupiter-2002-08", Short: "Jupiter Aug 2002", Year: 2002, N: 227, Of: "sites",
			Figure:     "Within 6 hours 38 in 100, 6 to 24 hours 22, about 2 days 18, 3 days or more or never 23; acknowledged 36",
			Source:     "JupiterResearch, WebTrack",
			Definition: webtrack,
			Shares:     []ReferenceShare{{"Within 6 h", []string{bucket6h}, 0.38}, {"6 to 24 h", []string{bucket24h}, 0.22}, {"About 2 days", twoDays, 0.18}, {"3 days or more, or never", late, 0.23}},
		},
		{
			ID: "egain-2008", Short: "eGain 2008", Year: 2008, Of: "companies",
			Figure:     "Retail: no reply 25 in 100, within 24 hours 65",
			Source:     "eGain, benchmark of service by mail, retail in North America",
			Definition: "A vendor's own mystery shopping; the number of retailers behind the share is not given.",
			Shares:     []ReferenceShare{{"Within 24 h", within24, 0.65}, {"Never", []string{bucketNever}, 0.25}},
		},
	}
}

// References lists every figure that a report shows.
func References() []Reference { return append(gradeReferences(), answerReferences()...) }
