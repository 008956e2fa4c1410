package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

// asked maps our purposes to the labels of the corpora. A purpose that is not
// in it has no label there: it stands for unknown. A password that is labelled
// as nothing more is right whichever it is.
var asked = map[find.Purpose][]string{
	find.ForGiven:           {"firstName"},
	find.ForCardGiven:       {"firstName"},
	find.ForAdditional:      {"middleName"},
	find.ForFamily:          {"lastName"},
	find.ForCardFamily:      {"lastName"},
	find.ForFullName:        {"fullName"},
	find.ForStreet:          {"addressStreet"},
	find.ForAddressSearch:   {"addressStreet"},
	find.ForStreet2:         {"addressStreet2"},
	find.ForCity:            {"addressCity"},
	find.ForState:           {"addressProvince"},
	find.ForPostcode:        {"addressPostalCode"},
	find.ForCountry:         {"addressCountryCode"},
	find.ForPhone:           {"phone"},
	find.ForPhoneArea:       {"phone"},
	find.ForPhoneLocal:      {"phone"},
	find.ForEmail:           {"emailAddress"},
	find.ForEmailAgain:      {"emailAddress"},
	find.ForUsername:        {"username"},
	find.ForPassword:        {"password"},
	find.ForCurrentPassword: {"password.current", "password"},
	find.ForNewPassword:     {"password.new", "password"},
	find.ForPasswordAgain:   {"password.new", "password"},
	find.ForOneTime:         {"totp"},
	find.ForCardNumber:      {"cardNumber"},
	find.ForCardExpiry:      {"expiration"},
	find.ForCardMonth:       {"expirationMonth"},
	find.ForCardYear:        {"expirationYear"},
	find.ForCardCode:        {"cardSecurityCode"},
	find.ForCardHolder:      {"cardName"},
	find.ForBirthDate:       {"birthday"},
	find.ForBirthDay:        {"birthdayDay"},
	find.ForBirthMonth:      {"birthdayMonth"},
	find.ForBirthYear:       {"birthdayYear"},
	find.Unknown:            {"unknown"},
}

// fits reports whether a purpose is what a label says, or one of several that
// OR joins.
func fits(p find.Purpose, label string) bool {
	for part := range strings.SplitSeq(label, " OR ") {
		if slices.Contains(asked[p], part) || part == "unknown" && asked[p] == nil {
			return true
		}
	}
	return false
}

// mark is the attribute in which the corpora label a field. It is only used to
// find the fields that were labelled.
const mark = "data-manual-scoring"

// formFields measures what form fields are taken for. The manifest has rows of
// {file, fields: [{tag, label}]}, in the page's order; the fragments of pages,
// in a folder or a tar archive, are opened in the browser one after another,
// without a script and without the network.
func formFields(w io.Writer, files []string) error {
	if len(files) != 2 {
		return errors.New("form-fields wants a manifest, and a folder or a tar archive of pages")
	}
	type row struct {
		File   string
		Fields []struct{ Label string }
	}
	list, err := rows[row](files[:1])
	if err != nil {
		return err
	}
	labels := map[string][]string{}
	for _, r := range list {
		for _, f := range r.Fields {
			labels[r.File] = append(labels[r.File], f.Label)
		}
	}
	pages, err := openPages()
	if err != nil {
		return err
	}
	defer pages.close()

	result := struct {
		N          int                       `json:"n"`
		Accuracy   float64                   `json:"accuracy"`
		Missing    int                       `json:"missing"`    // labelled, but not in the page or without a reading: wrong
		Confusion  map[string]map[string]int `json:"confusion"`  // label → our purpose → fields
		Confidence map[string]*band          `json:"confidence"` // how often what was claimed so surely was right
		Map        map[string][]string       `json:"map"`        // our purpose → labels; others are unknown
	}{Confusion: map[string]map[string]int{}, Confidence: map[string]*band{}, Map: map[string][]string{}}
	for p, l := range asked {
		result.Map[word(p)] = l
	}
	hits := 0
	count := func(label, got string) {
		if result.Confusion[label] == nil {
			result.Confusion[label] = map[string]int{}
		}
		result.Confusion[label][got]++
		result.N++
	}
	var failed error
	err = each(files[1], func(name string, raw []byte) {
		want, ok := labels[name]
		if !ok || failed != nil {
			return
		}
		delete(labels, name)
		var got []*find.Guess
		if got, failed = pages.guesses(raw, want); failed != nil {
			failed = fmt.Errorf("%s: %w", name, failed)
			return
		}
		for i, label := range want {
			if got[i] == nil {
				result.Missing++
				count(label, "missing")
				continue
			}
			right := fits(got[i].Purpose, label)
			if right {
				hits++
			}
			count(label, word(got[i].Purpose))
			if got[i].Purpose == find.Unknown {
				continue
			}
			key := fmt.Sprintf("%.1f", got[i].Confidence)
			if result.Confidence[key] == nil {
				result.Confidence[key] = &band{}
			}
			b := result.Confidence[key]
			b.N++
			if right {
				b.right++
			}
			b.Right = ratio(b.right, b.N)
		}
	})
	if err = errors.Join(err, failed); err != nil {
		return err
	}
	for _, want := range labels { // whose page was not there
		for _, label := range want {
			result.Missing++
			count(label, "missing")
		}
	}
	result.Accuracy = ratio(hits, result.N)
	return print(w, result)
}

// word names a purpose for people.
func word(p find.Purpose) string {
	if p == find.Unknown {
		return "unknown"
	}
	return string(p)
}

// pages opens fragments in a browser, one at a time.
type pages struct {
	ctx     context.Context
	browser *driver.Browser
	tab     *driver.Tab
	server  *httptest.Server
	shown   atomic.Pointer[[]byte] // the page that is served
	count   int
	dir     string
}

func openPages() (*pages, error) {
	path, err := driver.Find("")
	if err != nil {
		return nil, err
	}
	p := &pages{ctx: context.Background()}
	if p.dir, err = os.MkdirTemp("", "measure-"); err != nil {
		return nil, err
	}
	if p.browser, err = driver.Start(p.ctx, driver.Options{Path: path, TempDir: p.dir}); err != nil {
		return nil, errors.Join(err, os.RemoveAll(p.dir))
	}
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
		_, _ = w.Write(*p.shown.Load()) // the browser that went away asks again
	}))
	if p.tab, err = p.browser.NewTab(p.ctx, driver.TabOptions{Load: time.Second}); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *pages) close() {
	p.server.Close()
	p.browser.Close()
	os.RemoveAll(p.dir)
}

// guesses opens a fragment and gives what its labelled fields are taken for,
// in the order of the labels; nil for one that the page does not have.
func (p *pages) guesses(raw []byte, labels []string) ([]*find.Guess, error) {
	p.shown.Store(&raw)
	p.count++
	page := p.tab.Page()
	if err := page.Navigate(p.ctx, fmt.Sprintf("%s/%d", p.server.URL, p.count)); err != nil {
		return nil, err
	}
	forms, err := page.Forms(p.ctx)
	if err != nil {
		return nil, err
	}
	guess := map[int]*find.Guess{} // by the field's number
	for _, f := range forms {
		for i, g := range find.Classify(f.Fields) {
			guess[f.Fields[i].Ref] = &g
		}
	}
	marked, err := page.Refs(p.ctx, "["+mark+"]")
	if err != nil {
		return nil, err
	}
	// A manifest may leave out fields that the page marks: each label is the
	// next field marked so.
	like := map[string][]int{}
	out := make([]*find.Guess, len(labels))
	at := 0
	for i, label := range labels {
		if like[label] == nil {
			if like[label], err = page.Refs(p.ctx, fmt.Sprintf("[%s=%q]", mark, label)); err != nil {
				return nil, err
			}
		}
		for n := at; n < len(marked); n++ {
			if slices.Contains(like[label], marked[n]) {
				out[i], at = guess[marked[n]], n+1
				break
			}
		}
	}
	return out, nil
}
