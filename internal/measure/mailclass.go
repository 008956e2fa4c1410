package main

import (
	"errors"
	"fmt"
	"io"

	"touchstone/internal/reading"
)

// labels maps our classes to the labels of the corpora. A delay counts as a
// soft bounce.
var labels = map[reading.Class]string{
	reading.Bounce:          "bounce",
	reading.Delay:           "bounce",
	reading.Challenge:       "automatic",
	reading.Acknowledgement: "automatic",
	reading.OutOfOffice:     "automatic",
	reading.Bot:             "automatic",
	reading.Closed:          "automatic",
	reading.Notice:          "automatic",
	reading.Survey:          "other",
	reading.Order:           "other",
	reading.Bulk:            "other",
	reading.Human:           "human",
}

// meant maps the labels of the corpora that tell what a mail is to the label
// that our classes are mapped to.
var meant = map[string]string{
	"bounce": "bounce", "delay-warning": "bounce", "auto-reply": "automatic", "challenge-response": "automatic",
	"human-reply": "human", "newsletter-or-transactional": "other",
}

// A band is how often a confidence was right.
type band struct {
	N     int     `json:"n"`
	Right float64 `json:"right"`
	right int
}

// mailClass measures raw mails in a folder or a tar archive against a manifest
// of {file, label}.
func mailClass(w io.Writer, files []string) error {
	if len(files) != 2 {
		return errors.New("mail-class wants a manifest, and a folder or a tar archive of mails")
	}
	type row struct{ File, Label string }
	list, err := rows[row](files[:1])
	if err != nil {
		return err
	}
	label := map[string]string{}
	for _, r := range list {
		label[r.File] = r.Label
	}
	result := struct {
		N                    int                       `json:"n"`
		Panics               int                       `json:"panics"`
		Unread               int                       `json:"unread"` // labelled, but not there or without a reading
		BounceRecall         float64                   `json:"bounce_recall"`
		AutoReplyRecall      float64                   `json:"auto_reply_recall"`
		HumanCalledAutomatic float64                   `json:"human_called_automatic"`
		Confusion            map[string]map[string]int `json:"confusion"` // label → our class → mails
		Map                  map[reading.Class]string  `json:"map"`
		Confidence           map[string]*band          `json:"confidence"` // of the mails whose label tells
	}{Confusion: map[string]map[string]int{}, Map: labels, Confidence: map[string]*band{}}
	total, hits := map[string]int{}, map[string]int{} // by label
	err = each(files[1], func(name string, raw []byte) {
		want, ok := label[name]
		if !ok {
			return
		}
		delete(label, name)
		result.N++
		v, err := classify(raw)
		class := v.Class
		if right, ok := meant[want]; ok {
			key := fmt.Sprintf("%.2f", v.Confidence)
			if result.Confidence[key] == nil {
				result.Confidence[key] = &band{}
			}
			b := result.Confidence[key]
			b.N++
			if labels[class] == right {
				b.right++
			}
			b.Right = ratio(b.right, b.N)
		}
		if err != nil {
			result.Panics++
		}
		if class == "" {
			result.Unread++
		}
		if result.Confusion[want] == nil {
			result.Confusion[want] = map[string]int{}
		}
		result.Confusion[want][string(class)]++
		total[want]++
		switch got := labels[class]; {
		case want == "bounce" && got == "bounce", want == "auto-reply" && got == "automatic":
			hits[want]++
		case want == "human-reply" && (got == "automatic" || got == "bounce"):
			hits[want]++ // called automatic
		}
	})
	if err != nil {
		return err
	}
	result.Unread += len(label)
	result.BounceRecall = ratio(hits["bounce"], total["bounce"])
	result.AutoReplyRecall = ratio(hits["auto-reply"], total["auto-reply"])
	result.HumanCalledAutomatic = ratio(hits["human-reply"], total["human-reply"])
	return print(w, result)
}

// classify gives the verdict on a mail, and the panic of the reader as an error.
func classify(raw []byte) (v reading.Verdict, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return reading.Judge(reading.Parse(raw)), nil
}
