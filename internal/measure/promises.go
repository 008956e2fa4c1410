package main

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"touchstone/internal/reading"
)

// promises measures {id, language, text, seconds, business}: a sentence and
// the time that it promises for an answer, null where it promises none. A
// working day counts 24 hours. The time may also be named "promise" or
// "within", as a duration of ISO 8601 or a number of hours.
//
// f1 is that of "a promise is there": true positives are promises found in
// sentences that hold one. exact is the share of all sentences whose time
// agrees, none with none.
func promises(w io.Writer, files []string) error {
	type row struct {
		Text                     string
		Seconds, Promise, Within any
	}
	list, err := rows[row](files)
	if err != nil {
		return err
	}
	var hits, found, wanted, exact int
	for i, r := range list {
		want, err := promised(r.Seconds, r.Promise, r.Within)
		if err != nil {
			return fmt.Errorf("object %d: %w", i+1, err)
		}
		p, ok := reading.Promised(r.Text)
		if ok {
			found++
		}
		if want > 0 {
			wanted++
		}
		if ok && want > 0 {
			hits++
		}
		if !ok && want == 0 || ok && p.Within == want {
			exact++
		}
	}
	return print(w, struct {
		N     int     `json:"n"`
		F1    float64 `json:"f1"`
		Exact float64 `json:"exact"`
	}{len(list), f1(hits, found, wanted), ratio(exact, len(list))})
}

// promised reads the first of the labels that is there: seconds, or another
// label in hours or as ISO 8601; 0 where all are null.
func promised(seconds any, others ...any) (time.Duration, error) {
	if n, ok := seconds.(float64); ok {
		return time.Duration(n * float64(time.Second)), nil
	}
	for _, v := range others {
		switch v := v.(type) {
		case float64:
			return time.Duration(v * float64(time.Hour)), nil
		case string:
			return isoDuration(v)
		case nil:
		default:
			b, _ := json.Marshal(v)
			return 0, fmt.Errorf("%s is no duration: give seconds, hours or ISO 8601", b)
		}
	}
	return 0, nil
}

var isoForm = regexp.MustCompile(`^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`)

// isoDuration reads a duration of ISO 8601 without years and months, or a
// number of hours.
func isoDuration(s string) (d time.Duration, err error) {
	if hours, err := strconv.ParseFloat(s, 64); err == nil {
		return time.Duration(hours * float64(time.Hour)), nil
	}
	parts := isoForm.FindStringSubmatch(strings.ToUpper(s))
	if parts == nil || s == "P" {
		return 0, fmt.Errorf("%q is no duration such as PT48H or P2D", s)
	}
	for i, unit := range []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
		if parts[i+1] == "" {
			continue
		}
		n, err := strconv.Atoi(parts[i+1])
		if err != nil {
			return 0, err
		}
		d += time.Duration(n) * unit
	}
	return d, nil
}
