package reading

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// attributedOnOneLine is the line of an English mail program, whole.
var attributedOnOneLine = regexp.MustCompile(`(?m)^On [^\n]*\d[^\n]* wrote:[ \t]*$`)

// TestOwnWordsShaken changes labelled replies in ways that leave their labels
// as they are, and holds that few of those that were read exactly are lost.
func TestOwnWordsShaken(t *testing.T) {
	dir := corpora(t)
	type row struct{ ID, Source, Text, Own string }
	fold := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	all := rows[row](t, filepath.Join(dir, "own-words.jsonl.gz"))
	attribution := func(with string) func(row) row {
		return func(r row) row {
			r.Text = attributedOnOneLine.ReplaceAllLiteralString(r.Text, with)
			return r
		}
	}
	names := strings.NewReplacer("Shawn", "Ingrid", "Jeff", "Tobias", "Sally", "Maren", "Mark", "Pascal", "Erick", "Wiebke", "Alex", "Jutta", "Susan", "Renata", "Kim", "Ute", "Bert", "Ole", "Tana", "Mirja", "Sara", "Alba", "Mike", "Enno", "Thanks", "Thank you", "Regards", "Best regards")
	onOwn := func(change func(string) string) func(row) row {
		return func(r row) row { r.Text, r.Own = change(r.Text), change(r.Own); return r }
	}
	for _, shake := range []struct {
		name string
		do   func(row) row
	}{
		{"CRLF", onOwn(func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") })},
		{"trailing blanks", onOwn(func(s string) string {
			lines := strings.Split(s, "\n")
			for i, l := range lines {
				if l != "" && strings.TrimSpace(l) != "--" {
					lines[i] = l + "  "
				}
			}
			return strings.Join(lines, "\n")
		})},
		{"blanks that do not break", onOwn(func(s string) string { return strings.ReplaceAll(s, ", ", ",\u00a0") })},
		{"two empty lines for one", onOwn(func(s string) string { return strings.ReplaceAll(s, "\n\n", "\n\n\n") })},
		{"other names and thanks", onOwn(names.Replace)},
		{"own lines broken", func(r row) row {
			for _, l := range strings.Split(r.Own, "\n") {
				if at := strings.LastIndexByte(l[:min(len(l), 50)], ' '); at > 20 && len(l) > 55 && !strings.HasPrefix(l, "Sent from") && strings.Count(r.Text, l) == 1 {
					r.Text, r.Own = strings.Replace(r.Text, l, l[:at]+"\n"+l[at+1:], 1), strings.Replace(r.Own, l, l[:at]+"\n"+l[at+1:], 1)
				}
			}
			return r
		}},
		{"quotes without a blank", func(r row) row { r.Text = strings.ReplaceAll(r.Text, "\n> ", "\n>"); return r }},
		{"quotes of quotes", func(r row) row {
			r.Text = regexp.MustCompile(`(?m)^(>+) ?(>*)`).ReplaceAllString(r.Text, "$1$2> ")
			return r
		}},
		{"attribution with a 12-hour clock", attribution("On Nov 3, 2025, at 8:05 PM, Ingrid Vasquez-Holm <i.vasquez@mail.example> wrote:")},
		{"attribution in figures", attribution("On 2025-11-03 20:05, Ingrid Vasquez-Holm wrote:")},
		{"attribution wrapped", attribution("On Mon, Nov 3, 2025 at 8:05 PM Ingrid Vasquez-Holm\n<i.vasquez@mail.example> wrote:")},
		{"attribution in German", attribution("Am Mo., 3. Nov. 2025 um 20:05 Uhr schrieb Ingrid Vasquez-Holm <i.vasquez@mail.example>:")},
		{"attribution in French, wrapped", attribution("Le lun. 3 nov. 2025 à 20:05, Ingrid Vasquez-Holm <i.vasquez@mail.example>\na écrit :")},
		{"attribution in Spanish", attribution("El lun, 3 nov 2025 a las 20:05, Ingrid Vasquez-Holm (<i.vasquez@mail.example>) escribió:")},
		{"attribution in Danish", attribution("Den man. 3. nov. 2025 kl. 20.05 skrev Ingrid Vasquez-Holm <i.vasquez@mail.example>:")},
		{"attribution in Polish", attribution("pon., 3 lis 2025 o 20:05 Ingrid Vasquez-Holm <i.vasquez@mail.example> napisał(a):")},
		{"attribution in Russian", attribution("пн, 3 нояб. 2025 г. в 20:05, Ingrid Vasquez-Holm <i.vasquez@mail.example>:")},
	} {
		was, lost := 0, 0
		var first string
		for _, r := range all {
			s := shake.do(r)
			if s.Text == r.Text || fold(OwnWords(r.Text)) != fold(r.Own) {
				continue
			}
			was++
			if fold(OwnWords(s.Text)) != fold(s.Own) {
				lost++
				if lost <= 3 {
					first += " " + s.ID
				}
			}
		}
		share := fmt.Sprintf("%s: %d of %d exact ones are lost (%.3f)%s", shake.name, lost, was, float64(lost)/float64(max(was, 1)), first)
		t.Log(share)
		if was < 40 || lost*50 > was {
			t.Error(share)
		}
	}
}
