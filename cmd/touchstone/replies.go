package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"touchstone/reports"
)

// readReplies reads which sites were sent their part and what they answered:
// a CSV file with the columns site, sent (2026-11-30) and answer. A file that
// is not there says of nobody.
func readReplies(path string) ([]reports.SiteReply, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	head, err := r.Read()
	want := []string{"site", "sent", "answer"}
	if err != nil && !errors.Is(err, io.EOF) || !slices.Equal(head, want) {
		return nil, usage("%s:1: the first line must be site,sent,answer", path)
	}
	var out []reports.SiteReply
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fail(exitUsage, fmt.Errorf("%s: %w", path, err))
		}
		line, column := r.FieldPos(1)
		sent, err := time.Parse(time.DateOnly, row[1])
		if err != nil {
			return nil, usage("%s:%d:%d: %q is no day such as 2026-11-30", path, line, column, row[1])
		}
		out = append(out, reports.SiteReply{Site: row[0], Sent: sent, Answer: row[2]})
	}
}
