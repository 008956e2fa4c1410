package main

import (
	"errors"
	"io"
	"runtime"
	"runtime/metrics"
	"time"

	"touchstone/internal/reading"
)

// manyMails is how many mails speed reads: those it is given, again and again.
const manyMails = 10_000

// speed reads the raw mails of a folder or a tar archive on one core, each for
// its class and its own words, and gives mails a second and the most memory
// that was in use beyond the mails themselves.
func speed(w io.Writer, files []string) error {
	if len(files) != 1 {
		return errors.New("speed wants a folder or a tar archive of mails")
	}
	return speedOver(w, files[0], manyMails)
}

func speedOver(w io.Writer, place string, n int) error {
	var mails [][]byte
	largest, held := 0, 0
	if err := each(place, func(_ string, raw []byte) {
		mails = append(mails, raw)
		largest, held = max(largest, len(raw)), held+len(raw)
	}); err != nil {
		return err
	}
	if len(mails) == 0 {
		return errors.New("no mail is there")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	runtime.GC()
	before, peak, words := inUse(), uint64(0), 0
	start := time.Now()
	for i := range n {
		m := reading.Parse(mails[i%len(mails)])
		reading.Judge(m)
		words += len(m.Own)
		if i%100 == 0 {
			peak = max(peak, inUse())
		}
	}
	took := time.Since(start)
	return print(w, struct {
		N           int     `json:"n"`
		PerSecond   float64 `json:"mails_per_second"`
		LargestKiB  int     `json:"largest_mail_kib"`
		MailsKiB    int     `json:"all_mails_kib"`
		WorkingKiB  int     `json:"most_heap_beyond_mails_kib"`
		OwnWordsKiB int     `json:"own_words_kib"`
	}{n, rounded(float64(n) / took.Seconds()), largest >> 10, held >> 10, int(max(peak, before)-before) >> 10, words >> 10})
}

// inUse is the memory on the heap, in bytes, what is not yet collected too.
func inUse() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
