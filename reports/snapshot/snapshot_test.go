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
	for _, want := range []string{"&lt;script&gt;alert(1)", "90 % sure", "1 click<", "&lt;b&gt;Contact", "hello@shop.example", "<dt>hours</dt>", `src="data:image/png;base64,cG5n"`, `class="absent"`} {
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

func TestGerman(t *testing.T) {
	var b bytes.Buffer
	err := Write(&b, Snapshot{
		Shop: "Teeladen", URL: "https://tee.example/", Time: time.Unix(0, 0), Took: 1500 * time.Millisecond, Version: "1", Language: "de",
		Goals: []Goal{{Name: "find-contact", About: "Finds what delivery costs.", State: "reached", Sure: .9, Clicks: 2, Path: []string{`click the link "Kontakt"`}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{`<html lang="de">`, "Teeladen: ein erster Blick", "Kontakt finden", "erreicht, zu 90 % sicher", "2 Klicks", "Findet, was die Lieferung kostet.", "Link „Kontakt“ anklicken", "1,5 s", "Do 1. Jan. 1970"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s in %s", want, page)
		}
	}
	if err := Write(&b, Snapshot{Language: "tlh"}); err == nil {
		t.Error("a language that there is not was taken")
	}
}
