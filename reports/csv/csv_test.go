package csv_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"touchstone/reports"
	format "touchstone/reports/csv"
	"touchstone/reports/reporttest"
	"touchstone/reports/tables"
)

var update = flag.Bool("update", false, "write the golden files anew")

// files gives what the format writes, by name.
func files(t *testing.T, in reports.Input) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := format.Format().Files(func(name string, write func(io.Writer) error) error {
		var buf bytes.Buffer
		err := write(&buf)
		out[name] = buf.Bytes()
		return err
	}, reporttest.Build(t, in))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestGolden(t *testing.T) {
	for name, data := range files(t, reporttest.Input()) {
		reporttest.Golden(t, name, data, *update)
	}
}

// Whatever strangers wrote, and at whichever mark a program parts the lines,
// no cell begins as a formula. Rows keep their width and text is UTF-8.
func TestNoCellIsAFormula(t *testing.T) {
	for name, in := range reporttest.Cases() {
		t.Run(name, func(t *testing.T) {
			for file, data := range files(t, in) {
				if !utf8.Valid(data) {
					t.Errorf("%s is not UTF-8", file)
				}
				for _, comma := range []rune{',', ';', '|', '\t'} {
					r := csv.NewReader(bytes.NewReader(data))
					r.Comma, r.LazyQuotes = comma, true
					if comma != ',' {
						r.FieldsPerRecord = -1
					}
					rows, err := r.ReadAll()
					if err != nil {
						t.Fatalf("%s parted at %q: %v", file, comma, err)
					}
					for _, row := range rows {
						for _, cell := range row {
							cell = strings.TrimLeft(cell, ` "`)
							if cell != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(cell)[0]) {
								t.Errorf("%s parted at %q has the cell %q", file, comma, cell)
							}
						}
					}
				}
			}
		})
	}
}

func TestGuard(t *testing.T) {
	for text, want := range map[string]string{
		"Kettle & Leaf": "Kettle & Leaf", "a-b": "a-b", "1+1=2": "1+1=2", "": "",
		"=1": "'=1", " -1": " '-1", "\"@x": "\"'@x", "\t1": "'\t1", "\t=1": "'\t'=1", "a;=1": "a;'=1", "a\n- b": "a\n'- b", "＝1": "'＝1", "a\x00=": "a=",
	} {
		if got := format.Guard(text); got != want {
			t.Errorf("Guard(%q) = %q, want %q", text, got, want)
		}
	}
}

// The tables are tidy: every cell has its column, every column its meaning, and
// a key stands once.
func TestTidy(t *testing.T) {
	keys := map[string]int{"sites": 1, "categories": 2, "marks": 3, "probes": 3, "mails": 4, "criteria": 1, "replies": 1}
	for _, table := range tables.Of(reporttest.Build(t, reporttest.Panel(5))) {
		var seen [][]any
		rows := 0
		for row := range table.Rows {
			rows++
			if len(row) != len(table.Columns) {
				t.Fatalf("%s: %d cells, %d columns", table.Name, len(row), len(table.Columns))
			}
			if n := keys[table.Name]; n > 0 {
				key := slices.Clone(row[:n])
				if slices.ContainsFunc(seen, func(k []any) bool { return slices.Equal(k, key) }) {
					t.Errorf("%s: the key %v stands twice", table.Name, key)
				}
				seen = append(seen, key)
			}
		}
		if rows == 0 && table.Name != "replies" && table.Name != "dropped" {
			t.Errorf("%s is empty", table.Name)
		}
		for _, c := range table.Columns {
			if c.Name == "" || c.Meaning == "" {
				t.Errorf("%s: the column %q has no meaning", table.Name, c.Name)
			}
		}
	}
}
