package db

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"touchstone/internal/evidence"
)

// An Archive is what an archive was found to be.
type Archive struct {
	Wave    string            `json:"wave"`
	Digest  string            `json:"digest"` // of its SHA256SUMS: the name of the whole
	Project map[string][]byte `json:"-"`      // the project's files, by slash path
	Proof   Verification      `json:"proof"`
}

// OpenArchive unpacks an archive into a new database and evidence folder,
// which must not be there yet. Every byte is checked before it returns; after
// an error what it has made is to be removed.
func OpenArchive(ctx context.Context, in io.Reader, database, blobDir string) (Archive, error) {
	files := newFolder(blobDir)
	return unpack(ctx, in, database, blobDir, func(ref evidence.Ref, r io.Reader) error {
		got, err := files.put(ctx, r)
		if err == nil && got != ref {
			err = fmt.Errorf("%w: files/%s now reads as %s", ErrArchive, ref, got)
		}
		return err
	}, nil)
}

// VerifyArchive checks an archive as OpenArchive does, and keeps nothing. The
// record and the mails pass through a database in dir, a folder for the while.
func VerifyArchive(ctx context.Context, in io.Reader, dir string) (Archive, error) {
	var have digests
	var size int64
	found, err := unpack(ctx, in, filepath.Join(dir, "verify.db"), filepath.Join(dir, "none"), func(ref evidence.Ref, r io.Reader) error {
		have.add(ref) // in order; its digest is compared where the entry ends
		n, err := io.Copy(io.Discard, r)
		size += n
		return err
	}, &have)
	found.Proof.Bytes += size
	return found, err
}

// unpack fills a database from an archive and verifies what came of it. have
// lists the files that were seen, where they were not kept.
func unpack(ctx context.Context, in io.Reader, database, blobDir string, file func(evidence.Ref, io.Reader) error, have *digests) (_ Archive, err error) {
	out := Archive{Project: map[string][]byte{}}
	if _, err := os.Lstat(database); err == nil {
		return out, fmt.Errorf("%s is there already", database)
	}
	var d *DB
	defer func() {
		if d != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	var a archiveReader
	// the database is made at the archive's own version, and brought up to
	// date afterwards as any other
	begin := func() (err error) {
		if d == nil {
			d, err = open(ctx, database, migrations[:a.head.Schema])
		}
		return err
	}
	a.project = func(name string, data []byte) error {
		if !slices.ContainsFunc(ProjectFiles, func(pattern string) bool { ok, _ := filepath.Match(pattern, name); return ok }) || strings.ContainsAny(name, "\\\x00") {
			return fmt.Errorf("%w: no project has a file %q", ErrArchive, name)
		}
		out.Project[name] = data
		return nil
	}
	// Rows may come before those that they refer to, since tables are in the
	// order of their names: they wait in files of their own.
	waiting := map[string]string{}
	a.table = func(name string, r io.Reader) error {
		if !isExported(name) {
			return fmt.Errorf("%w: it has an unknown table %q", ErrArchive, name)
		}
		waiting[name] = database + "." + name
		return spill(waiting[name], r)
	}
	defer func() {
		for _, name := range waiting {
			err = errors.Join(err, os.Remove(name))
		}
	}()
	a.piece = func(part string, ref evidence.Ref, r io.Reader) error {
		if part == inFolder {
			return file(ref, r)
		}
		if err := begin(); err != nil {
			return err
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if evidence.RefOf(raw) != ref {
			return fmt.Errorf("%w: mails/%s: %w", ErrArchive, ref, evidence.ErrCorrupt)
		}
		return d.InTx(ctx, func(ctx context.Context, tx Tx) error { _, err := PutMail(ctx, tx, raw); return err })
	}
	if out.Digest, err = a.read(ctx, in); err != nil {
		return out, err
	}
	out.Wave = a.head.Wave
	if err := begin(); err != nil {
		return out, err
	}
	err = d.InTx(ctx, func(ctx context.Context, tx Tx) error {
		for _, name := range tableNames() {
			if waiting[name] == "" {
				continue
			}
			if err := fill(ctx, tx, name, waiting[name], a.head.Wave); err != nil {
				return fmt.Errorf("%w: table %s: %w", ErrArchive, name, err)
			}
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	if err := d.migrate(ctx, migrations); err != nil {
		return out, err
	}
	var state string
	err = d.Read(ctx, func(ctx context.Context, tx Tx) error { return tx.QueryRow(ctx, qWaveIs, a.head.Wave).Scan(&state) })
	switch {
	case errors.Is(err, ErrNoRows):
		return out, fmt.Errorf("%w: it holds no wave %s", ErrArchive, a.head.Wave)
	case err != nil:
		return out, err
	case !over(state):
		return out, fmt.Errorf("%w: its wave is %s, which nobody exports", ErrArchive, state)
	}
	out.Proof, err = d.Evidence(blobDir).verify(ctx, a.head.Wave, have, nil)
	return out, err
}

// ProjectFiles are the patterns of what an archive carries of the project.
var ProjectFiles = []string{"sites.yaml", "personas.yaml", "checks.yaml", "scenarios/*.yaml", "scorecards/*.yaml"}

// tableNames gives the tables of an archive, referred ones first.
func tableNames() []string {
	var names []string
	for _, t := range exported {
		names = append(names, t.name)
	}
	return append(names, "pruned")
}

func isExported(name string) bool { return slices.Contains(tableNames(), name) }

// spill keeps a table until its turn.
func spill(name string, r io.Reader) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return explain("unpack to", name, err)
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Close())
}

// fill inserts the rows of a table, all of them the wave's.
func fill(ctx context.Context, tx Tx, table, file, wave string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxRow)
	var columns []string
	var insert string
	for lines.Scan() {
		if columns == nil {
			if err := json.Unmarshal(lines.Bytes(), &columns); err != nil {
				return err
			}
			if insert, err = inserting(ctx, tx, table, columns); err != nil {
				return err
			}
			continue
		}
		row, err := values(lines.Bytes())
		if err != nil {
			return err
		}
		if len(row) != len(columns) {
			return fmt.Errorf("a row has %d values for %d columns", len(row), len(columns))
		}
		if i := slices.Index(columns, owner(table)); table != "pruned" && (i < 0 || row[i] != wave) {
			return fmt.Errorf("a row belongs to another wave than %s", wave)
		}
		if _, err := tx.Exec(ctx, insert, row...); err != nil {
			return err
		}
	}
	return lines.Err()
}

// owner names the column that says whose a row is.
func owner(table string) string {
	if table == "wave" {
		return "id"
	}
	return "wave"
}

// inserting makes the statement for some columns of a table, having held their
// names against the table's own: an archive's words never become SQL.
func inserting(ctx context.Context, tx Tx, table string, columns []string) (string, error) {
	var known []string
	rows, err := tx.Query(ctx, `SELECT * FROM `+table+` LIMIT 0`)
	if err != nil {
		return "", err
	}
	known, err = columnsOf(rows)
	if err := errors.Join(err, rows.Close()); err != nil {
		return "", err
	}
	marks := make([]string, len(columns))
	for i, c := range columns {
		if !slices.Contains(known, c) || slices.Contains(columns[:i], c) {
			return "", fmt.Errorf("it has no column %.50q", c)
		}
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return `INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) VALUES (` + strings.Join(marks, ", ") + `)`, nil
}

// values reads one row as dump wrote it.
func values(line []byte) ([]any, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var row []any
	if err := d.Decode(&row); err != nil {
		return nil, err
	}
	for i, v := range row {
		switch v := v.(type) {
		case json.Number:
			n, err := v.Int64()
			if err != nil {
				return nil, err
			}
			row[i] = n
		case map[string]any:
			var err error
			if row[i], err = coded(v); err != nil {
				return nil, err
			}
		case string, nil:
		default:
			return nil, fmt.Errorf("a value is neither text, number nor bytes: %v", v)
		}
	}
	return row, nil
}

// coded reads a value that JSON has no form for.
func coded(v map[string]any) (any, error) {
	for _, key := range []string{asBytes, asText} {
		text, ok := v[key].(string)
		if !ok {
			continue
		}
		data, err := base64.StdEncoding.DecodeString(text)
		if key == asText {
			return string(data), err
		}
		return data, err
	}
	return nil, fmt.Errorf("a value is neither text, number nor bytes: %v", v)
}
