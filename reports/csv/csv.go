// Package csv writes a report as a folder of tidy tables (RFC 4180, UTF-8
// without a byte order mark, lines end in LF), one file each.
package csv

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"touchstone/reports"
	"touchstone/reports/tables"
)

// Format gives the CSV format.
func Format() reports.Format {
	return reports.Format{Name: "csv", Files: func(folder reports.Folder, r *reports.Report) error {
		for _, t := range tables.Of(r) {
			if err := folder(t.Name+".csv", func(w io.Writer) error { return write(w, t) }); err != nil {
				return err
			}
		}
		return nil
	}}
}

func write(to io.Writer, t tables.Table) error {
	w := csv.NewWriter(to)
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = c.Name
	}
	if err := w.Write(record); err != nil {
		return err
	}
	for row := range t.Rows {
		for i, v := range row {
			record[i] = cell(v)
		}
		if err := w.Write(record); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return Guard(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return v.Format(time.RFC3339)
	}
	return fmt.Sprint(v)
}

// Guard keeps a spreadsheet from running what strangers wrote: an apostrophe
// goes before each of = + - @ (also the wide ones), tab and carriage return
// that a cell could begin with. Since a program may part the line at another
// mark than the comma, a cell also begins after ; | , tab and line break,
// behind spaces and quotes. Numbers are no text and stay as they are.
func Guard(s string) string {
	var b strings.Builder
	begins := true
	for _, r := range s {
		switch {
		case begins && strings.ContainsRune("=+-@\t\r＝＋－＠", r):
			b.WriteByte('\'')
			begins = r == '\t' || r == '\r' // where the line is parted there, a cell begins behind it
		case strings.ContainsRune(";|,\t\r\n", r):
			begins = true
		case r != '"' && !unicode.IsSpace(r):
			begins = false
		}
		if r != 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}
