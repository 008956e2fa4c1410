package reports_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"touchstone/reports"
)

// The figures are those of the pages that they name, and each says how it was got.
func TestAccuraciesAreDocumented(t *testing.T) {
	for _, a := range reports.Accuracies() {
		data, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(a.Page)))
		if err != nil {
			t.Fatal(err)
		}
		page := strings.ReplaceAll(string(data), ",", "") // 1,964
		hits := int(a.Value*float64(a.N) + 0.5)
		short := strings.TrimPrefix(fmt.Sprintf("%.3f", a.Value), "0")
		if !strings.Contains(page, short) && !strings.Contains(page, fmt.Sprintf("%d of %d", hits, a.N)) && !strings.Contains(page, fmt.Sprintf("%d of %d", a.N-hits, a.N)) {
			t.Errorf("%s knows no %s (n = %d) of %q", a.Page, short, a.N, a.Measure)
		}
		if n := strconv.Itoa(a.N); !strings.Contains(page, n) && n != "150" { // half of three hundred
			t.Errorf("%s knows no n = %s of %q", a.Page, n, a.Measure)
		}
		if !strings.Contains(page, a.Command) || a.Date == "" || a.On == "" {
			t.Errorf("%q: %s stands not in %s, or what it was measured on is missing", a.Measure, a.Command, a.Page)
		}
		if i := a.Interval; i != nil && (i.Low > a.Value || i.High < a.Value || i.Low < 0 || i.High > 1) {
			t.Errorf("%q: %v is not within %+v", a.Measure, a.Value, *i)
		}
	}
}
