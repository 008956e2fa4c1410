package db

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"touchstone/internal/evidence"
)

// An archive is one wave in one file: a tar (POSIX ustar) without compression,
// so that every byte of it can be vouched for, and a small file never unpacks
// to a large one.
//
//	touchstone-evidence.json  what this is
//	project/…                 the project's files, as the caller gave them
//	tables/NAME.jsonl         the record, a table a file: its columns, then a row a line
//	mails/SHA256              raw mails
//	files/SHA256              pictures, logs, pages
//	SHA256SUMS                the digest of each of the above, as sha256sum(1) writes it
//	SEAL                      the digest of SHA256SUMS
//
// Names ascend within each part, and owners, modes and times are all the same,
// so that the same record gives the same bytes. The digest of SHA256SUMS names
// the whole: who has it from the sender knows that nothing was changed.
const (
	archiveHead  = "touchstone-evidence.json"
	archiveSums  = "SHA256SUMS"
	archiveSeal  = "SEAL"
	projectPart  = "project/"
	tablesPart   = "tables/"
	tableSuffix  = ".jsonl"
	archiveForm  = 1
	maxRow       = 1 << 30 // bytes of one row: the plan of a large wave is one
	maxSmallFile = 16 << 20
)

// archiveKind is what the head says.
type archiveKind struct {
	Format int    `json:"format"`
	Wave   string `json:"wave"`
	Schema int    `json:"schema"` // of the database that the tables are from
}

// Errors of archives.
var (
	ErrArchive  = errors.New("the archive is damaged")
	ErrNoSuch   = errors.New("this is no evidence archive")
	ErrNotEnded = errors.New("the wave has not ended")
	ErrLost     = errors.New("evidence is missing or damaged")
)

// exported are the tables of a wave, in the order in which they refer to each
// other; a new table is added here, or to notExported.
var exported = []struct{ name, query string }{
	{"wave", `SELECT * FROM wave WHERE id = $1`},
	{"probe", `SELECT * FROM probe WHERE wave = $1 ORDER BY site, scenario, repeat`},
	{"effect", `SELECT * FROM effect WHERE wave = $1 ORDER BY site, scenario, repeat, step, recipient`},
	{"attempt", `SELECT * FROM attempt WHERE wave = $1 ORDER BY site, scenario, repeat, step, recipient, n`},
	{"arrival", `SELECT mailbox, validity, uid, sha256, received_us, seen_us, wave, site, scenario, repeat, matched, junk, live FROM arrival WHERE wave = $1 ORDER BY mailbox, validity, uid`}, // where its mail lies is no matter
	{"assignment", `SELECT * FROM assignment WHERE wave = $1 ORDER BY sha256, n`},
	{"adjudication", `SELECT * FROM adjudication WHERE wave = $1 ORDER BY n`},
	{"judgement", `SELECT * FROM judgement WHERE mail IN (SELECT sha256 FROM arrival WHERE wave = $1) ORDER BY at_us, id`},
	{"brought", `SELECT * FROM brought WHERE wave = $1 ORDER BY scenario, sha256`},
	{"observation", `SELECT * FROM observation WHERE wave = $1 ORDER BY site, scenario, repeat, seq`},
}

// notExported are the others, each with its reason.
var notExported = map[string]string{
	"mail":           "its rows are the mails of the archive",
	"bundle":         "likewise",
	"pruned":         "its rows are chosen by what the wave cites",
	"tally":          "the database counts the probes by itself",
	"draft":          "a plan that is being made",
	"mailbox":        "a cursor of one account",
	"setting":        "the machine's own",
	"suppression":    "the project's own: whom it may not write to is nobody else's business",
	"schema_version": "stands in the head",
}

const qWaveIs = `SELECT state FROM wave WHERE id = $1`

// over reports whether nothing will happen to a wave in this state any more.
func over(state string) bool { return state == "done" || state == "abandoned" }

// Export writes a wave that has ended as an archive, with files of the project
// by slash path, and gives the digest that names it. It streams: its memory is
// 32 bytes a piece of evidence and the largest row. Evidence that is missing
// without a reason, or damaged, is ErrLost.
func (e *Evidence) Export(ctx context.Context, out io.Writer, wave string, project map[string][]byte, say func(done, total int)) (string, error) {
	buffered := bufio.NewWriterSize(out, 1<<16)
	w := newArchiveWriter(buffered)
	var digest string
	err := e.db.Read(ctx, func(ctx context.Context, tx Tx) (err error) {
		var state string
		switch err := tx.QueryRow(ctx, qWaveIs, wave).Scan(&state); {
		case err != nil:
			return fmt.Errorf("wave %q: %w", wave, err)
		case !over(state):
			return fmt.Errorf("wave %s is %s: %w; an archive of it could be run a second time elsewhere", wave, state, ErrNotEnded)
		}
		digest, err = e.export(ctx, tx, w, wave, project, say)
		return err
	})
	if err != nil {
		return "", err
	}
	return digest, buffered.Flush()
}

func (e *Evidence) export(ctx context.Context, tx Tx, w *archiveWriter, wave string, project map[string][]byte, say func(done, total int)) (string, error) {
	head := archiveKind{Format: archiveForm, Wave: wave}
	if err := tx.QueryRow(ctx, selectVersion).Scan(&head.Schema); err != nil {
		return "", err
	}
	about, err := json.Marshal(head)
	if err != nil {
		return "", err
	}
	if err := w.small(archiveHead, append(about, '\n')); err != nil {
		return "", err
	}
	var names []string
	for name := range project {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := w.small(projectPart+name, project[name]); err != nil {
			return "", err
		}
	}

	refs, err := cited(ctx, tx, wave)
	if err != nil {
		return "", err
	}
	var mails, files, gone digests
	var lost []string
	for _, sum := range refs {
		ref := refOf(sum)
		where, _, err := e.find(ctx, tx, ref)
		if err != nil {
			return "", err
		}
		switch where {
		case inMail:
			mails = append(mails, sum)
		case inFolder:
			files = append(files, sum)
		default:
			p, err := pruned(ctx, tx, ref)
			if err != nil {
				return "", err
			}
			if p == nil {
				lost = append(lost, string(ref))
			}
			gone = append(gone, sum)
		}
	}
	if len(lost) > 0 {
		return "", fmt.Errorf("%w: %d of %d pieces, the first is %s; `touchstone evidence verify %s` lists them", ErrLost, len(lost), len(refs), lost[0], wave)
	}
	if err := exportTables(ctx, tx, w, wave, gone); err != nil {
		return "", err
	}
	done := 0
	for _, part := range []struct {
		name string
		refs digests
	}{{inFolder, files}, {inMail, mails}} {
		for _, sum := range part.refs {
			if err := e.exportOne(ctx, tx, w, part.name, refOf(sum)); err != nil {
				return "", err
			}
			if done++; say != nil {
				say(done, len(files)+len(mails))
			}
		}
	}
	return w.seal()
}

// exportTables writes each table in two passes over one state of the database:
// a tar says how long a file is before the file.
func exportTables(ctx context.Context, tx Tx, w *archiveWriter, wave string, gone digests) error {
	tables := map[string]func(io.Writer) error{
		"pruned": func(out io.Writer) error {
			for i, sum := range gone {
				if err := dump(ctx, tx, out, i == 0, `SELECT * FROM pruned WHERE sha256 = $1`, string(refOf(sum))); err != nil {
					return err
				}
			}
			return nil
		},
	}
	names := []string{"pruned"}
	for _, t := range exported {
		names = append(names, t.name)
		tables[t.name] = func(out io.Writer) error { return dump(ctx, tx, out, true, t.query, wave) }
	}
	slices.Sort(names)
	for _, name := range names {
		if err := w.stream(tablesPart+name+tableSuffix, tables[name]); err != nil {
			return fmt.Errorf("table %s: %w", name, err)
		}
	}
	return nil
}

func (e *Evidence) exportOne(ctx context.Context, tx Tx, w *archiveWriter, part string, ref evidence.Ref) error {
	name := part + "/" + string(ref)
	if part == inMail {
		raw, err := Mail(ctx, tx, ref)
		if errors.Is(err, evidence.ErrCorrupt) {
			return fmt.Errorf("%w: %w", ErrLost, err)
		} else if err != nil {
			return err
		}
		if evidence.RefOf(raw) != ref {
			return fmt.Errorf("%w: mail %s: %w", ErrLost, ref, evidence.ErrCorrupt)
		}
		return w.small(name, raw)
	}
	_, size, err := e.find(ctx, tx, ref)
	if err != nil {
		return err
	}
	rc, err := e.blobs.open(ref)
	if err != nil {
		return err
	}
	defer rc.Close()
	if err := w.file(name, size, ref, evidence.WithContext(ctx, rc)); err != nil {
		if errors.Is(err, evidence.ErrCorrupt) {
			err = fmt.Errorf("%w: %w", ErrLost, err)
		}
		return fmt.Errorf("file %s: %w", ref, err)
	}
	return nil
}

// How a row says what JSON has no form for.
const (
	asBytes = "base64"
	asText  = "text64" // text that is not UTF-8
)

// dump writes the rows of a query, a JSON array a line, the columns' names first.
func dump(ctx context.Context, tx Tx, out io.Writer, names bool, q string, args ...any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	var columns []string
	return each(ctx, tx, func(rows Rows) error {
		if columns == nil {
			var err error
			if columns, err = columnsOf(rows); err != nil {
				return err
			}
			if names {
				if err := enc.Encode(columns); err != nil {
					return err
				}
			}
		}
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range row {
			switch v := v.(type) {
			case []byte:
				row[i] = map[string]string{asBytes: base64.StdEncoding.EncodeToString(v)}
			case string:
				if !utf8.ValidString(v) { // a server's words may be anything
					row[i] = map[string]string{asText: base64.StdEncoding.EncodeToString([]byte(v))}
				}
			}
		}
		return enc.Encode(row)
	}, q, args...)
}

// columnsOf gives the names of a result's columns.
func columnsOf(rows Rows) ([]string, error) {
	named, ok := rows.(interface{ Columns() ([]string, error) })
	if !ok {
		return nil, fmt.Errorf("%T does not name its columns", rows)
	}
	return named.Columns()
}

// An archiveWriter writes entries and their sums.
type archiveWriter struct {
	tar  *tar.Writer
	sums bytes.Buffer
}

func newArchiveWriter(out io.Writer) *archiveWriter { return &archiveWriter{tar: tar.NewWriter(out)} }

// header is the same for all but name and size.
func header(name string, size int64) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
}

func (w *archiveWriter) small(name string, data []byte) error {
	return w.file(name, int64(len(data)), evidence.RefOf(data), bytes.NewReader(data))
}

// file writes an entry whose size and digest are known, and holds both against
// what really came.
func (w *archiveWriter) file(name string, size int64, ref evidence.Ref, r io.Reader) error {
	if err := w.tar.WriteHeader(header(name, size)); err != nil {
		return err
	}
	if _, err := io.Copy(w.tar, r); err != nil {
		return err
	}
	w.note(name, string(ref))
	return nil
}

// stream writes an entry that write gives twice, the same each time.
func (w *archiveWriter) stream(name string, write func(io.Writer) error) error {
	sum, n := sha256.New(), new(counter)
	if err := write(io.MultiWriter(sum, n)); err != nil {
		return err
	}
	if err := w.tar.WriteHeader(header(name, int64(*n))); err != nil {
		return err
	}
	if err := write(w.tar); err != nil {
		return err
	}
	w.note(name, hex.EncodeToString(sum.Sum(nil)))
	return nil
}

func (w *archiveWriter) note(name, sum string) { fmt.Fprintf(&w.sums, "%s  %s\n", sum, name) }

// seal ends the archive and gives the digest that names it.
func (w *archiveWriter) seal() (string, error) {
	sums := w.sums.Bytes()
	digest := string(evidence.RefOf(sums))
	if err := w.small(archiveSums, sums); err != nil {
		return "", err
	}
	if err := w.small(archiveSeal, sealOf(digest)); err != nil {
		return "", err
	}
	return digest, w.tar.Close()
}

func sealOf(digest string) []byte { return []byte(digest + "  " + archiveSums + "\n") }

type counter int64

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

// An archiveReader takes an archive apart, and trusts nothing in it.
type archiveReader struct {
	head    archiveKind
	project func(name string, data []byte) error
	table   func(name string, r io.Reader) error
	piece   func(part string, ref evidence.Ref, r io.Reader) error
}

// read goes through an archive once, from its first byte to its last, and
// gives its digest. Each entry is handed on before the whole is known to be
// sound: what was made of it is to be thrown away on an error. Whatever is not
// exactly as Export writes it is ErrArchive; what is no archive at all ErrNoSuch.
func (a *archiveReader) read(ctx context.Context, in io.Reader) (string, error) {
	original, again := sha256.New(), sha256.New()
	tee := io.TeeReader(bufio.NewReaderSize(evidence.WithContext(ctx, in), 1<<16), original)
	r, w := tar.NewReader(tee), tar.NewWriter(again)
	sums := sha256.New() // of the SHA256SUMS that the entries ask for
	small := map[string]string{}
	digest, last, sealed := "", "", false
	for n := 0; ; n++ {
		h, err := r.Next()
		if errors.Is(err, io.EOF) && n > 0 {
			break
		}
		if n == 0 && (err != nil || h.Name != archiveHead) {
			if e := ctx.Err(); e != nil {
				return "", e
			}
			return "", ErrNoSuch
		}
		if err != nil {
			return "", broken(ctx, last, err)
		}
		if err := admissible(h, last, sealed); err != nil {
			return "", err
		}
		last = h.Name
		if err := w.WriteHeader(header(h.Name, h.Size)); err != nil {
			return "", broken(ctx, h.Name, err)
		}
		sum := sha256.New()
		body := io.TeeReader(r, io.MultiWriter(sum, w))
		switch h.Name {
		case archiveSums:
			err = checkSums(body, sums, small)
			digest = hex.EncodeToString(sums.Sum(nil))
		case archiveSeal:
			var seal []byte
			if seal, err = readSmall(body); err == nil && !bytes.Equal(seal, sealOf(digest)) {
				err = fmt.Errorf("%w: its seal is not that of its contents", ErrArchive)
			}
			sealed = true
		default:
			err = a.entry(h, body)
		}
		if err == nil {
			_, err = io.Copy(io.Discard, body) // what the taker left
		}
		if err != nil {
			return "", broken(ctx, h.Name, err)
		}
		got := hex.EncodeToString(sum.Sum(nil))
		part, name, _ := strings.Cut(h.Name, "/")
		if (part == inMail || part == inFolder) && name != got {
			return "", fmt.Errorf("%w: %s now reads as %s", ErrArchive, h.Name, got)
		}
		if part != inMail && part != inFolder {
			small[h.Name] = got
		}
		if h.Name != archiveSums && h.Name != archiveSeal {
			fmt.Fprintf(sums, "%s  %s\n", got, h.Name)
		}
	}
	if !sealed {
		return "", fmt.Errorf("%w: it ends after %s, before its seal", ErrArchive, last)
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	if _, err := io.Copy(io.Discard, tee); err != nil {
		return "", broken(ctx, last, err)
	}
	if !bytes.Equal(original.Sum(nil), again.Sum(nil)) {
		return "", fmt.Errorf("%w: bytes between or after its entries were changed", ErrArchive)
	}
	return digest, nil
}

// broken gives an error of reading its place, and tells damage from a file
// that could not be read or a taker's own error.
func broken(ctx context.Context, name string, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, tar.ErrHeader), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, evidence.ErrCorrupt), errors.Is(err, tar.ErrWriteTooLong), errors.Is(err, tar.ErrFieldTooLong):
		return fmt.Errorf("%w: at %s: %w", ErrArchive, name, err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// parts are an archive's, in their order.
var parts = []string{archiveHead, projectPart, tablesPart, inFolder + "/", inMail + "/", archiveSums, archiveSeal}

// partOf gives the part that a name belongs to, by number; -1 for none.
func partOf(name string) int {
	return slices.IndexFunc(parts, func(p string) bool {
		return name == p || strings.HasSuffix(p, "/") && strings.HasPrefix(name, p)
	})
}

// admissible refuses what Export never writes: other kinds of entries, names
// that lead elsewhere, another order, anything after the seal.
func admissible(h *tar.Header, last string, sealed bool) error {
	wrong := func(why string) error { return fmt.Errorf("%w: entry %.100q %s", ErrArchive, h.Name, why) }
	part := partOf(h.Name)
	switch {
	case h.Typeflag != tar.TypeReg || h.Format != tar.FormatUSTAR:
		return wrong("is not a plain file")
	case part < 0 || path.Clean(h.Name) != h.Name || strings.HasSuffix(h.Name, "/"):
		return wrong("has a name that no archive has")
	case sealed:
		return wrong("stands after the seal")
	case last != "" && (part < partOf(last) || part == partOf(last) && h.Name <= last):
		return wrong("is out of order")
	}
	if dir, name, _ := strings.Cut(h.Name, "/"); (dir == inMail || dir == inFolder) && !evidence.Ref(name).Valid() {
		return wrong("is not named after a digest")
	}
	return nil
}

// entry hands one on.
func (a *archiveReader) entry(h *tar.Header, body io.Reader) error {
	part, name, _ := strings.Cut(h.Name, "/")
	switch part {
	case archiveHead:
		data, err := readSmall(body)
		if err != nil {
			return err
		}
		d := json.NewDecoder(bytes.NewReader(data))
		if err := d.Decode(&a.head); err != nil {
			return fmt.Errorf("%w: %w", ErrArchive, err)
		}
		if a.head.Format > archiveForm || a.head.Schema > len(migrations) {
			return fmt.Errorf("%w: the archive has format %d and schema version %d, this one knows up to %d and %d; install a newer touchstone", ErrNewer, a.head.Format, a.head.Schema, archiveForm, len(migrations))
		}
		if a.head.Format < 1 || a.head.Schema < 1 || !plainName(a.head.Wave) {
			return fmt.Errorf("%w: its head names no wave", ErrArchive)
		}
		return nil
	case strings.TrimSuffix(projectPart, "/"):
		data, err := readSmall(body)
		if err != nil {
			return err
		}
		return a.project(name, data)
	case strings.TrimSuffix(tablesPart, "/"):
		return a.table(strings.TrimSuffix(name, tableSuffix), body)
	}
	return a.piece(part, evidence.Ref(name), body)
}

// plainName reports whether a wave's name is safe as a part of a file's.
func plainName(s string) bool {
	return s != "" && s != "." && s != ".." && len(s) < 200 && !strings.ContainsAny(s, "/\\\x00\n") && !strings.HasPrefix(s, ".")
}

// checkSums compares SHA256SUMS with the entries that came before it, and says
// which of the small ones was changed.
func checkSums(body io.Reader, want hash.Hash, small map[string]string) error {
	got := sha256.New()
	changed := ""
	lines := bufio.NewScanner(io.TeeReader(body, got))
	for lines.Scan() {
		sum, name, _ := strings.Cut(lines.Text(), "  ")
		if is, ok := small[name]; ok && is != sum && changed == "" {
			changed = name
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrArchive, err)
	}
	switch {
	case bytes.Equal(got.Sum(nil), want.Sum(nil)):
		return nil
	case changed != "":
		return fmt.Errorf("%w: %s is not what was exported", ErrArchive, changed)
	}
	return fmt.Errorf("%w: its entries are not those that it lists", ErrArchive)
}

func readSmall(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxSmallFile+1))
	if err == nil && len(data) > maxSmallFile {
		err = fmt.Errorf("%w: larger than %d bytes", ErrArchive, maxSmallFile)
	}
	return data, err
}
