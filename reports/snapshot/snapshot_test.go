package snapshot

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestWrite(t *testing.T) {
	var b bytes.Buffer
	err := Write(&b, Snapshot{
		Shop: `<script>alert(1)</script>`, URL: "javascript:alert(1)", Time: time.Unix(0, 0), Took: 12 * time.Second, Version: "1",
		Goals: []Goal{
			{Name: "find-contact", State: "reached", Sure: .9, Clicks: 1, Path: []string{`press link "<b>Contact</b>"`}, Says: "hello@shop.example", Facts: [][2]string{{"hours", "Monday"}}},
			{Name: "find-phone", State: "absent", Sure: .8},
		},
		Pictures: []Picture{{Name: "01-open-start.png", PNG: []byte("png")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{"&lt;script&gt;alert(1)", "90 % sure", "1 press<", "&lt;b&gt;Contact", "hello@shop.example", "<dt>hours</dt>", `src="data:image/png;base64,cG5n"`, `class="absent"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, never := range []string{"<script", "href=\"javascript:", "<b>Contact"} {
		if strings.Contains(page, never) {
			t.Errorf("the page holds %s", never)
		}
	}
}
