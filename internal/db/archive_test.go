package db

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
)

// A small wave, by hand: one probe that wrote and was answered, one that
// looked at a page.
type sample struct {
	t     *testing.T
	db    *DB
	store *Evidence
	dir   string
}

func newSample(t *testing.T) *sample {
	dir := t.TempDir()
	d := reopen(t, filepath.Join(dir, "touchstone.db"))
	return &sample{t, d, d.Evidence(filepath.Join(dir, "evidence")), dir}
}

func (s *sample) exec(q string, args ...any) {
	s.t.Helper()
	err := s.db.InTx(s.t.Context(), func(ctx context.Context, tx Tx) error { _, err := tx.Exec(ctx, q, args...); return err })
	if err != nil {
		s.t.Fatalf("%s: %v", q, err)
	}
}

// wave adds one that ended at a time, with a mail, a letter and a picture each.
func (s *sample) wave(id string, ended time.Time, mail, picture string) (mailRef, pictureRef evidence.Ref) {
	s.t.Helper()
	probe := func(n int) evidence.ProbeID {
		return evidence.ProbeID{Wave: id, Site: "shop", Scenario: "ask", Repeat: n}
	}
	s.exec(`INSERT INTO wave (id, state, seed, created_us, ended_us, plan, version) VALUES ($1, 'done', 9223372036854775807, $2, $2, $3, 'v')`, id, ended.UnixMicro(),
		fmt.Sprintf(`{"wave":%q}`, id))
	for n := 1; n <= 2; n++ {
		s.exec(`INSERT INTO probe (wave, site, scenario, repeat, kind, task, life, state, due_us, address, message_id, task_json, detail) VALUES ($1, 'shop', 'ask', $2, 'mail', 'enquiry', 'correspondence', 'done', 1, $3, $3, '{}', 'completed')`, id, n, fmt.Sprintf("%s-%d@x.example", id, n))
	}
	err := s.db.InTx(s.t.Context(), func(ctx context.Context, tx Tx) error {
		hash, _, err := planHash(ctx, tx, id)
		if err == nil {
			_, err = tx.Exec(ctx, `UPDATE wave SET hash = $2 WHERE id = $1`, id, hash)
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.exec(`INSERT INTO effect (wave, site, scenario, repeat, step, effect, recipient, state, message_id, raw, planned_us, begun_us, settled_us, detail, attempts) VALUES ($1, 'shop', 'ask', 1, 'letter', 'send-mail', 'a@shop.example', 'accepted', 'm@x', $2, 1, 2, 3, $3, 1)`, id, []byte("\x00\xff<&>"), "250 \xff\xfe ok\u2028<&>")
	s.exec(`INSERT INTO attempt (wave, site, scenario, repeat, step, recipient, n, at_us, state) VALUES ($1, 'shop', 'ask', 1, 'letter', 'a@shop.example', 1, 2, 'accepted')`, id)
	err = s.db.InTx(s.t.Context(), func(ctx context.Context, tx Tx) (err error) {
		mailRef, err = PutMail(ctx, tx, []byte(mail))
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	pictureRef, err = s.store.Put(s.t.Context(), strings.NewReader(picture))
	if err != nil {
		s.t.Fatal(err)
	}
	s.exec(`INSERT INTO arrival (mailbox, validity, uid, sha256, received_us, seen_us, wave, site, scenario, repeat, matched) VALUES ($1, 1, 1, $2, $3, $3, $4, 'shop', 'ask', 1, 'address')`, "INBOX "+id, string(mailRef), ended.UnixMicro(), id)
	for n, cites := range []map[string]evidence.Ref{{"reply-1.eml": mailRef}, {"01-start.png": pictureRef}} {
		o := evidence.Observation{Probe: probe(n + 1), Reading: "r/1", Kind: "mail", Start: ended, Outcome: evidence.Completed, Facts: []evidence.Fact{{Name: "a", Number: 1.0 / 3, Unit: evidence.Second}}, Evidence: cites}
		if err := s.store.Append(s.t.Context(), o); err != nil {
			s.t.Fatal(err)
		}
	}
	return mailRef, pictureRef
}

func (s *sample) export(wave string) ([]byte, string) {
	s.t.Helper()
	var b bytes.Buffer
	digest, err := s.store.Export(s.t.Context(), &b, wave, map[string][]byte{"sites.yaml": []byte("sites: []\n"), "scorecards/ours.yaml": []byte("id: ours\n")}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return b.Bytes(), digest
}

var ages = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestArchiveComesBackAsItWas(t *testing.T) {
	s := newSample(t)
	s.wave("w1", ages, "Subject: hello\r\n\r\nhello", strings.Repeat("picture", 1000))
	s.wave("w2", ages, "Subject: other\r\n\r\nother", "other picture")
	data, digest := s.export("w1")
	if again, same := s.export("w1"); !bytes.Equal(data, again) || same != digest {
		t.Error("the same record gives two archives")
	}
	dir := t.TempDir()
	found, err := OpenArchive(t.Context(), bytes.NewReader(data), filepath.Join(dir, "touchstone.db"), filepath.Join(dir, "evidence"))
	if err != nil {
		t.Fatal(err)
	}
	if v := found.Proof; found.Digest != digest || found.Wave != "w1" || v.Faults != 0 || v.Pieces != 2 || v.Probes != 2 || v.Observations != 2 || string(found.Project["scorecards/ours.yaml"]) != "id: ours\n" {
		t.Errorf("found %+v", found)
	}
	if seen, err := VerifyArchive(t.Context(), bytes.NewReader(data), t.TempDir()); err != nil || seen.Proof.Bytes != found.Proof.Bytes || seen.Proof.Pieces != 2 {
		t.Errorf("verified %+v, %v; opened %+v", seen.Proof, err, found.Proof)
	}
	d := reopen(t, filepath.Join(dir, "touchstone.db"))
	other := &sample{t, d, d.Evidence(filepath.Join(dir, "evidence")), dir}
	if again, same := other.export("w1"); !bytes.Equal(data, again) || same != digest {
		t.Error("what was opened is not exported as it came")
	}
	left, err := os.ReadDir(dir)
	if err != nil || slices.ContainsFunc(left, func(e os.DirEntry) bool {
		return strings.HasPrefix(e.Name(), "touchstone.db.") && !strings.HasSuffix(e.Name(), ".lock")
	}) {
		t.Errorf("left over: %v, %v", left, err)
	}
}

// No byte can be changed, left out or added without being noticed.
func TestArchiveTampering(t *testing.T) {
	s := newSample(t)
	s.wave("w1", ages, "Subject: hello\r\n\r\nhello", "picture")
	data, digest := s.export("w1")
	check := func(data []byte) error {
		found, err := VerifyArchive(t.Context(), bytes.NewReader(data), t.TempDir())
		if err == nil && (found.Proof.Faults > 0 || found.Digest != digest) {
			err = errors.New("another archive")
		}
		return err
	}
	if err := check(data); err != nil {
		t.Fatal(err)
	}
	// the reader alone, which is what notices, at every place; the whole of it
	// at some
	reads := func(data []byte) error {
		r := archiveReader{
			project: func(string, []byte) error { return nil },
			table:   func(_ string, r io.Reader) error { _, err := io.Copy(io.Discard, r); return err },
			piece:   func(_ string, _ evidence.Ref, r io.Reader) error { _, err := io.Copy(io.Discard, r); return err },
		}
		got, err := r.read(t.Context(), bytes.NewReader(data))
		if err == nil && got != digest {
			err = errors.New("another archive")
		}
		return err
	}
	if err := reads(data); err != nil {
		t.Fatal(err)
	}
	tried := 0
	try := func(data []byte, what string, args ...any) {
		tried++
		noticed := reads
		if tried%200 == 0 {
			noticed = check
		}
		if noticed(data) == nil {
			t.Errorf(what+", and nobody noticed", args...)
		}
	}
	for i := 0; i < len(data); i += 3 {
		bad := slices.Clone(data)
		bad[i] ^= 1 << (i % 8)
		try(bad, "byte %d of %d was changed", i, len(data))
	}
	for n := 0; n < len(data); n += 101 {
		try(data[:n], "cut after %d of %d bytes", n, len(data))
	}
	for name, bad := range map[string][]byte{"a byte more": append(slices.Clone(data), 0), "a block more": append(slices.Clone(data), make([]byte, 512)...), "a byte less": data[:len(data)-1], "twice": append(slices.Clone(data), data...)} {
		if check(bad) == nil {
			t.Errorf("%s, and nobody noticed", name)
		}
	}
	t.Logf("%d bytes, %d changes tried", len(data), tried)
}

// An archive that somebody made up does no harm either.
func TestArchiveRefuses(t *testing.T) {
	head := `{"format":1,"wave":"w1","schema":1}`
	plain := func(name, text string) *tar.Header { return header(name, int64(len(text))) }
	type entry struct {
		h    *tar.Header
		text string
	}
	made := func(entries ...entry) []byte {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for _, e := range entries {
			if err := w.WriteHeader(e.h); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(w, e.text); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	file := func(name, text string) entry { return entry{plain(name, text), text} }
	first := file(archiveHead, head)
	sealed := func(entries ...entry) []byte { // with sums that fit
		var sums strings.Builder
		for _, e := range entries {
			fmt.Fprintf(&sums, "%s  %s\n", evidence.RefOf([]byte(e.text)), e.h.Name)
		}
		digest := string(evidence.RefOf([]byte(sums.String())))
		return made(append(entries, file(archiveSums, sums.String()), file(archiveSeal, string(sealOf(digest))))...)
	}
	link := entry{&tar.Header{Typeflag: tar.TypeSymlink, Name: "project/sites.yaml", Linkname: "/etc/passwd", Format: tar.FormatUSTAR}, ""}
	pax := entry{&tar.Header{Typeflag: tar.TypeReg, Name: "project/sites.yaml", Size: 1, PAXRecords: map[string]string{"TOUCHSTONE.x": "y"}, Format: tar.FormatPAX}, "x"}
	wave := "[\"id\",\"state\",\"seed\",\"created_us\",\"plan\",\"version\"]\n[\"w1\",\"running\",1,1,\"{}\",\"v\"]\n"
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"nothing":                  {nil, ErrNoSuch},
		"no tar":                   {[]byte(strings.Repeat("no archive at all ", 100)), ErrNoSuch},
		"another tar":              {made(file("README", "hello")), ErrNoSuch},
		"a newer form":             {sealed(file(archiveHead, `{"format":2,"wave":"w1","schema":1}`)), ErrNewer},
		"a newer database":         {sealed(file(archiveHead, `{"format":1,"wave":"w1","schema":99}`)), ErrNewer},
		"a wave that leads away":   {sealed(file(archiveHead, `{"format":1,"wave":"../w1","schema":1}`)), ErrArchive},
		"a name that leads up":     {sealed(first, file("project/../../sites.yaml", "x")), ErrArchive},
		"an absolute name":         {sealed(first, file("/etc/cron.d/x", "x")), ErrArchive},
		"a file that is no part":   {sealed(first, file("project/touchstone.yaml", "x")), ErrArchive},
		"a folder too deep":        {sealed(first, file("project/scenarios/a/b.yaml", "x")), ErrArchive},
		"a backslash":              {sealed(first, file(`project/scenarios/..\b.yaml`, "x")), ErrArchive},
		"a link":                   {sealed(first, link), ErrArchive},
		"another kind of tar":      {sealed(first, pax), ErrArchive},
		"a piece by another name":  {sealed(first, file("files/"+strings.Repeat("a", 64), "x")), ErrArchive},
		"a piece without a digest": {sealed(first, file("files/picture.png", "x")), ErrArchive},
		"an unknown table":         {sealed(first, file("tables/sqlite_master.jsonl", "[\"a\"]\n")), ErrArchive},
		"words as SQL":             {sealed(first, file("tables/wave.jsonl", "[\"id) SELECT 1; DROP TABLE wave; --\"]\n[\"w1\"]\n")), ErrArchive},
		"another wave's rows":      {sealed(first, file("tables/wave.jsonl", strings.ReplaceAll(wave, "w1", "w2"))), ErrArchive},
		"a wave that could run":    {sealed(first, file("tables/wave.jsonl", wave)), ErrArchive},
		"no wave":                  {sealed(first), ErrArchive},
		"no seal":                  {made(first), ErrArchive},
		"the same twice":           {sealed(first, file("project/checks.yaml", "x"), file("project/checks.yaml", "x")), ErrArchive},
	} {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "in"), 0o700); err != nil {
			t.Fatal(err)
		}
		_, err := OpenArchive(t.Context(), bytes.NewReader(c.data), filepath.Join(dir, "in", "x.db"), filepath.Join(dir, "in", "evidence"))
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Errorf("%s: it wrote outside of its folder: %v, %v", name, left, err)
		}
	}
}

// A file that claims more than it holds takes no memory for the claim.
func TestArchiveClaims(t *testing.T) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	head := `{"format":1,"wave":"w1","schema":1}`
	for name, size := range map[string]int64{archiveHead: int64(len(head))} {
		if err := w.WriteHeader(header(name, size)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.WriteString(w, head); err != nil {
		t.Fatal(err)
	}
	if err := w.WriteHeader(header("mails/"+strings.Repeat("a", 64), 7<<30)); err != nil {
		t.Fatal(err)
	}
	_, err := VerifyArchive(t.Context(), &b, t.TempDir())
	if !errors.Is(err, ErrArchive) {
		t.Errorf("error %v", err)
	}
}

func TestExportOnlyWhatHasEnded(t *testing.T) {
	s := newSample(t)
	s.wave("w1", ages, "mail", "picture")
	s.exec(`UPDATE wave SET state = 'running'`)
	if _, err := s.store.Export(t.Context(), io.Discard, "w1", nil, nil); !errors.Is(err, ErrNotEnded) {
		t.Errorf("error %v", err)
	}
}

func TestExportSaysWhatIsLost(t *testing.T) {
	for name, harm := range map[string]func(string) error{
		"gone":    os.Remove,
		"damaged": func(f string) error { return os.WriteFile(f, []byte("Picture"), 0o600) },
	} {
		s := newSample(t)
		_, picture := s.wave("w1", ages, "mail", "picture")
		if err := harm(s.store.blobs.path(picture)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.store.Export(t.Context(), io.Discard, "w1", nil, nil); !errors.Is(err, ErrLost) || !strings.Contains(err.Error(), string(picture)) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// Every table is exported, or there is a reason.
func TestEveryTableIsExportedOrNot(t *testing.T) {
	d := project(t)
	err := d.Read(t.Context(), func(ctx context.Context, tx Tx) error {
		return each(ctx, tx, func(rows Rows) error {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			inside := slices.ContainsFunc(exported, func(x struct{ name, query string }) bool { return x.name == name })
			if why, outside := notExported[name]; inside == outside || outside && why == "" {
				t.Errorf("table %s: say in archive.go whether an archive holds it", name)
			}
			return nil
		}, `SELECT name FROM sqlite_master WHERE type = 'table'`)
	})
	if err != nil {
		t.Fatal(err)
	}
}
