package xlsx_test

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"touchstone/reports/reporttest"
	"touchstone/reports/tables"
	"touchstone/reports/xlsx"
)

var update = flag.Bool("update", false, "write the golden files anew")

func open(t *testing.T, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// The golden file holds what a reader of the workbook meets: each cell with
// its type and its number format.
func TestGolden(t *testing.T) {
	data := reporttest.Write(t, xlsx.Format(), reporttest.Build(t, reporttest.Input()))
	if again := reporttest.Write(t, xlsx.Format(), reporttest.Build(t, reporttest.Input())); !bytes.Equal(again, data) {
		t.Error("the same wave gave two different workbooks")
	}
	f := open(t, data)
	var b strings.Builder
	for _, name := range f.GetSheetList() {
		rows, err := f.Rows(name)
		if err != nil {
			t.Fatal(err)
		}
		panes, err := f.GetPanes(name)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: the titles are not frozen: %+v, %v", name, panes, err)
		}
		fmt.Fprintf(&b, "== %s\n", name)
		for at := 1; rows.Next(); at++ {
			columns, err := rows.Columns()
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range columns {
				ref, _ := excelize.CoordinatesToCellName(i+1, at)
				kind, err := f.GetCellType(name, ref)
				if err != nil {
					t.Fatal(err)
				}
				if v != "" {
					fmt.Fprintf(&b, "%s %d %q\n", ref, kind, v)
				}
			}
		}
	}
	reporttest.Golden(t, "report.txt", []byte(b.String()), *update)
}

// No cell is a formula or leads anywhere, whatever strangers wrote, and every
// part of the workbook is whole.
func TestNoCellIsAFormula(t *testing.T) {
	for name, in := range reporttest.Cases() {
		t.Run(name, func(t *testing.T) {
			data := reporttest.Write(t, xlsx.Format(), reporttest.Build(t, in))
			z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range z.File {
				r, err := part.Open()
				if err != nil {
					t.Fatal(err)
				}
				xml, err := io.ReadAll(r)
				if err != nil {
					t.Fatal(err)
				}
				for _, bad := range []string{"<f>", "<f ", "hyperlink", "externalLink", "TargetMode"} {
					if bytes.Contains(xml, []byte(bad)) {
						t.Errorf("%s has %s", part.Name, bad)
					}
				}
			}
			f := open(t, data)
			for _, table := range tables.Of(reporttest.Build(t, in)) {
				at := 1
				for row := range table.Rows {
					at++
					for i, v := range row {
						s, ok := v.(string)
						if !ok || !strings.ContainsAny(s, "=+@") {
							continue
						}
						ref, _ := excelize.CoordinatesToCellName(i+1, at)
						style, err := f.GetCellStyle(table.Name, ref)
						if err != nil {
							t.Fatal(err)
						}
						if got, err := f.GetStyle(style); err != nil || got.NumFmt != 49 {
							t.Errorf("%s %s holds %q and is not formatted as text", table.Name, ref, s)
						}
					}
				}
			}
		})
	}
}

// What came in comes out: numbers as numbers, moments as moments, words whole.
func TestTypes(t *testing.T) {
	in := reporttest.Input()
	in.Sites[0].Name = "tab\tline\n\x00\x1b \ufffe _x003D_1 <&> " + reporttest.Emoji
	in.Observations[0].Reason = strings.Repeat("😀", 40_000)
	f := open(t, reporttest.Write(t, xlsx.Format(), reporttest.Build(t, in)))
	if got, want := value(t, f, "sites", "C2"), "tab\tline\n  _x003D_1 <&> "+reporttest.Emoji; got != want {
		t.Errorf("the name is %q, want %q", got, want)
	}
	if got := value(t, f, "sites", "J2"); got != "92" {
		t.Errorf("the score is %q", got)
	}
	started, err := f.GetCellValue("wave", "B6", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	var days float64
	if _, err := fmt.Sscan(started, &days); err != nil {
		t.Fatalf("the start is %q, no moment", started)
	}
	if got, err := excelize.ExcelDateToTime(days, false); err != nil || !got.Round(time.Second).Equal(reporttest.Start) {
		t.Errorf("the start is %v, %v", got, err)
	}
}

func value(t *testing.T, f *excelize.File, sheet, ref string) string {
	t.Helper()
	v, err := f.GetCellValue(sheet, ref)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
