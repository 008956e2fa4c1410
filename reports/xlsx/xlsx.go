// Package xlsx writes a report as an Excel workbook: the tables of package
// tables, a sheet each, with typed cells and a frozen row of titles. No cell is
// a formula, and cells of text are formatted as text, so that none becomes one
// when somebody edits it.
package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"touchstone/reports"
	"touchstone/reports/tables"
)

// Limits of a sheet, and of a cell in UTF-16 units.
const (
	maxRows = excelize.TotalRows
	maxCell = excelize.TotalCellChars
)

// Format gives the Excel format.
func Format() reports.Format {
	return reports.Format{Name: "xlsx", Extension: ".xlsx", Write: write}
}

// styles of the cells, by number.
type styles struct{ title, text, moment int }

func write(w io.Writer, r *reports.Report) (err error) {
	f := excelize.NewFile()
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	var s styles
	for _, style := range []struct {
		id *int
		excelize.Style
	}{
		{&s.title, excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EFEDE6"}}, Alignment: &excelize.Alignment{Vertical: "top"}}},
		{&s.text, excelize.Style{NumFmt: 49}}, // "@": text stays text
		{&s.moment, excelize.Style{CustomNumFmt: new("yyyy-mm-dd hh:mm:ss")}},
	} {
		if *style.id, err = f.NewStyle(&style.Style); err != nil {
			return err
		}
	}
	made := r.Generated.UTC().Format(time.RFC3339)
	if err := f.SetDocProps(&excelize.DocProperties{Title: text(r.Title), Creator: "touchstone " + r.Wave.Version, Created: made, Modified: made}); err != nil {
		return err
	}
	for i, t := range tables.Of(r) {
		if i == 0 {
			err = f.SetSheetName("Sheet1", t.Name)
		} else {
			_, err = f.NewSheet(t.Name)
		}
		if err != nil {
			return err
		}
		if err := sheet(f, t, s); err != nil {
			return fmt.Errorf("sheet %s: %w", t.Name, err)
		}
	}
	book, err := f.WriteToBuffer()
	if err != nil {
		return err
	}
	return ordered(w, book.Bytes())
}

// ordered writes the parts of a workbook by name, so that the same report
// gives the same bytes.
func ordered(w io.Writer, workbook []byte) error {
	from, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		return err
	}
	slices.SortFunc(from.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	to := zip.NewWriter(w)
	for _, part := range from.File {
		if err := to.Copy(part); err != nil {
			return err
		}
	}
	return to.Close()
}

func sheet(f *excelize.File, t tables.Table, s styles) error {
	w, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	row := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		if err := w.SetColWidth(i+1, i+1, width(c.Name)); err != nil {
			return err
		}
		row[i] = excelize.Cell{StyleID: s.title, Value: c.Name}
	}
	if err := w.SetRow("A1", row); err != nil {
		return err
	}
	at := 1
	for values := range t.Rows {
		if at++; at == maxRows {
			if err := w.SetRow(fmt.Sprint("A", at), []any{excelize.Cell{StyleID: s.text, Value: "The sheet is full: the other rows are in the CSV form of the report."}}); err != nil {
				return err
			}
			break
		}
		for i, v := range values {
			row[i] = cell(v, s)
		}
		if err := w.SetRow(fmt.Sprint("A", at), row); err != nil {
			return err
		}
	}
	return w.Flush()
}

// cell gives a value its type; a moment is UTC.
func cell(v any, s styles) any {
	switch v := v.(type) {
	case string:
		if v == "" {
			return nil
		}
		return excelize.Cell{StyleID: s.text, Value: text(v)}
	case time.Time:
		return excelize.Cell{StyleID: s.moment, Value: v}
	}
	return v
}

// text drops what XML can't hold and cuts what a cell can't.
func text(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	units := 0
	for i, r := range s {
		if units++; r > 0xFFFF {
			units++
		}
		if units >= maxCell {
			return s[:i] + "…"
		}
	}
	return s
}

// width gives a column's width in characters: words are longer than figures.
func width(column string) float64 {
	switch column {
	case "name", "title", "subject", "shown", "site", "fact", "criterion", "scenario", "key", "start", "at", "sent", "column", "class", "from":
		return 26
	case "why", "reason", "text", "answer", "meaning", "value", "because", "points", "warnings", "row", "rule", "missing", "needs", "source", "covers":
		return 48
	}
	return 12
}
