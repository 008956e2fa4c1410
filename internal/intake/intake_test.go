package intake_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/intake"
	"touchstone/probes"
	"touchstone/probes/grading"
	"touchstone/probes/mail"
)

var kinds = []probes.Kind{mail.Kind(), grading.Kind()}

func read(t *testing.T, table string) (*intake.Table, error) {
	t.Helper()
	return intake.Read(intake.Input{File: "calls.csv", Wave: "w", Kinds: kinds}, strings.NewReader(table))
}

func TestRead(t *testing.T) {
	table, err := read(t, "\xef\xbb\xbfsite;name;kind;start;mail.first-human-after [h];mail.acknowledged-after;mail.names-customer;by;note\n"+
		"brass;Brass & Sons;mail;1999-01-15 09:30;2,5;4 min;yes;A. Weber;\"said: \"\"soon\"\"\"\n"+
		"brass;;mail;1999-01-16;;;;A. Weber;\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Sites) != 1 || table.Sites[0] != (intake.Site{ID: "brass", Name: "Brass & Sons"}) {
		t.Errorf("sites %+v", table.Sites)
	}
	if len(table.Observations) != 2 {
		t.Fatalf("%d observations", len(table.Observations))
	}
	answered, silent := table.Observations[0], table.Observations[1]
	if want := (evidence.ProbeID{Wave: "w", Site: "brass", Scenario: "enquiry", Repeat: 1}); answered.Probe != want {
		t.Errorf("probe %v, want %v", answered.Probe, want)
	}
	if silent.Probe.Repeat != 2 {
		t.Errorf("the second row of a probe is repeat %d", silent.Probe.Repeat)
	}
	if want := time.Date(1999, 1, 15, 9, 30, 0, 0, time.UTC); !answered.Start.Equal(want) {
		t.Errorf("start %v, want %v", answered.Start, want)
	}
	number := func(o evidence.Observation, name string, want float64) {
		t.Helper()
		if f, ok := o.Fact(name); !ok || f.Number != want {
			t.Errorf("%s is %v, want %v", name, f.Number, want)
		}
	}
	text := func(o evidence.Observation, name, want string) {
		t.Helper()
		if f, ok := o.Fact(name); !ok || f.Text != want {
			t.Errorf("%s is %q, want %q", name, f.Text, want)
		}
	}
	number(answered, "mail.first-human-after", 9000)
	number(answered, "mail.acknowledged-after", 240)
	number(answered, "mail.acknowledged", 1)
	number(answered, "mail.names-customer", 1)
	number(answered, "mail.answered", 1)
	text(answered, "mail.bucket", "≤6 h")
	text(answered, "import.by", "A. Weber")
	text(answered, "import.note", `said: "soon"`)
	text(answered, "import.file", "calls.csv")
	number(answered, "import.line", 2)
	text(silent, "mail.bucket", "never")
	number(silent, "mail.answered", 0)
	if answered.Outcome != evidence.Completed || silent.Outcome != evidence.Silent {
		t.Errorf("outcomes %s and %s", answered.Outcome, silent.Outcome)
	}
	if answered.Evidence["import.csv"] != table.Digest || !strings.HasPrefix(answered.Reading, "import/1/") {
		t.Errorf("the file is no proof: %v, reading %s", answered.Evidence, answered.Reading)
	}
	if !slices.Contains(silent.Missing, "mail.first-human-after") {
		t.Error("what was not recorded is not named as missing")
	}
}

func TestQuantities(t *testing.T) {
	for _, tt := range []struct {
		cell string
		want float64 // of mail.first-human-after, in seconds
	}{
		{"90", 90}, {"15 min", 900}, {"1 h 20 min", 4800}, {"1h20m", 4800}, {"2 d", 172800}, {"01:02:03", 3723}, {"0.5 h", 1800}, {"0", 0},
	} {
		table, err := read(t, "site,kind,start,mail.first-human-after\na,mail,1999-01-01,"+tt.cell+"\n")
		if err != nil {
			t.Errorf("%s: %v", tt.cell, err)
			continue
		}
		if f, _ := table.Observations[0].Fact("mail.first-human-after"); f.Number != tt.want {
			t.Errorf("%s is %v, want %v", tt.cell, f.Number, tt.want)
		}
	}
}

func TestMistakes(t *testing.T) {
	const head = "site,kind,start,mail.first-human-after,outcome,mail.answered,mail.replies,mail.bucket,repeat\n"
	for _, tt := range []struct{ name, table, want string }{
		{"nothing", "", "calls.csv:1:1: the table is empty"},
		{"no row", head, "no row below its header"},
		{"no site", "kind,start\nmail,1999-01-01\n", `no column "site"`},
		{"no kind", "site,start\na,1999-01-01\n", `no column "kind": add one, or give --kind`},
		{"a slip in the header", "site,kind,mail.anwsered\n", `calls.csv:1:11: unknown column "mail.anwsered" (did you mean "mail.answered"?)`},
		{"twice", "site,site,kind\n", `column "site" stands twice`},
		{"a unit nobody knows", "site,kind,mail.first-human-after [fortnights]\n", `unknown unit "fortnights"`},
		{"a site's name", head + "Brass & Sons,mail,1999-01-01,,,,,,\n", `calls.csv:2:1: site "Brass & Sons": use small letters`},
		{"no time", head + "a,mail,,,,,,,\n", "nothing says when this was observed"},
		{"a wrong time", head + "a,mail,soon,,,,,,\n", `calls.csv:2:8: start "soon" is no instant`},
		{"a kind nobody knows", head + "a,fax,1999-01-01,,,,,,\n", `calls.csv:2:3: unknown kind "fax" (known: grading, mail)`},
		{"an outcome nobody knows", head + "a,mail,1999-01-01,,silnt,,,,\n", `unknown outcome "silnt" (did you mean "silent"?)`},
		{"pending is derived", head + "a,mail,1999-01-01,,pending,,,,\n", `unknown outcome "pending"`},
		{"no duration", head + "a,mail,1999-01-01,soon,,,,,\n", `mail.first-human-after "soon" is no duration: write`},
		{"a negative time", head + "a,mail,1999-01-01,-5,,,,,\n", "is no duration"},
		{"no number", head + "a,mail,1999-01-01,NaN,,,,,\n", "is no duration"},
		{"half a reply", head + "a,mail,1999-01-01,,,,1.5,,\n", "is no count"},
		{"neither yes nor no", head + "a,mail,1999-01-01,,,perhaps,,,\n", "is no yes or no"},
		{"a class nobody knows", head + "a,mail,1999-01-01,,,,,slow,\n", "mail.bucket slow: the classes are"},
		{"a contradiction", head + "a,mail,1999-01-01,5,,no,,,\n", "there is a time of the answer, and mail.answered says that there was none"},
		{"answered and silent", head + "a,mail,1999-01-01,5,silent,,,,\n", "a person answered, and the outcome is silent"},
		{"the same repeat", head + "a,mail,1999-01-01,,,,,,1\na,mail,1999-01-01,,,,,,1\n", "stands in line 2 as well"},
		{"a fact of another kind", "site,kind,start,mail.answered,grading.grade\na,grading,1999-01-01,1,good\n", "kind grading does not record mail.answered"},
		{"no verdict", "site,kind,start,grading.grade\na,grading,1999-01-01,\n", "a grading gives grading.grade or grading.points"},
		{"a short row", head + "a,mail\n", "another number of fields than the header"},
		{"an open quote", head + "\"a,mail\n", "calls.csv:2:"},
		{"latin-1", head + "caf\xe9,mail,1999-01-01,,,,,,\n", "not UTF-8"},
		{"two names", "site,name,kind,start\na,A,mail,1999-01-01\na,B,mail,1999-01-01\n", `site a has the name "A" in an earlier row`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table, err := read(t, tt.table)
			if err == nil {
				t.Fatalf("no mistake was found; read %+v", table)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add("site,kind,start,mail.first-human-after\na,mail,1999-01-01,2 h\n")
	f.Add("site;kind;\"x\ny\"\n")
	f.Fuzz(func(t *testing.T, table string) {
		got, err := intake.Read(intake.Input{File: "f.csv", Wave: "w", Kinds: kinds}, strings.NewReader(table))
		if (got == nil) == (err == nil) {
			t.Fatalf("table %v, error %v", got, err)
		}
	})
}
