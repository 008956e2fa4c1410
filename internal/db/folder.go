package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"touchstone/internal/evidence"
)

// A folder keeps bytes in files named after their digest: "ab/cdef…". A file
// gets its name only when it is whole and on the disk.
type folder struct {
	dir string

	mu   sync.Mutex
	made map[string]bool // folders that are known to exist, durably
}

func newFolder(dir string) *folder { return &folder{dir: dir, made: map[string]bool{}} }

func (f *folder) path(ref evidence.Ref) string {
	return filepath.Join(f.dir, string(ref[:2]), string(ref[2:]))
}

func (f *folder) put(ctx context.Context, r io.Reader) (_ evidence.Ref, err error) {
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("store evidence: %w", err)
	}
	if err := f.make(f.dir); err != nil {
		return "", explain("make evidence folder", f.dir, err)
	}
	tmp, err := os.CreateTemp(f.dir, ".put-*")
	if err != nil {
		return "", explain("store evidence in", f.dir, err)
	}
	defer func() {
		if err != nil {
			_ = tmp.Close()
			_ = os.Remove(tmp.Name())
		}
	}()
	if err := fault("blob write"); err != nil {
		return "", explain("store evidence in", f.dir, err)
	}
	sum := sha256.New()
	in := &source{r: evidence.WithContext(ctx, r)}
	if _, err := io.Copy(io.MultiWriter(tmp, sum), in); err != nil {
		if in.err != nil {
			return "", fmt.Errorf("store evidence: %w", err) // theirs, not the disk's
		}
		return "", explain("store evidence in", f.dir, err)
	}
	ref := evidence.Ref(hex.EncodeToString(sum.Sum(nil)))
	if err := f.settle(tmp, f.path(ref)); err != nil {
		return "", explain("store evidence in", f.dir, err)
	}
	return ref, nil
}

// settle makes a whole file durable under its name. One that is there already
// is replaced by the same bytes, which mends it, should it be damaged.
func (f *folder) settle(tmp *os.File, name string) error {
	if err := fault("blob sync"); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := f.make(filepath.Dir(name)); err != nil {
		return err
	}
	if err := fault("blob rename"); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), name); err != nil {
		return err
	}
	if err := fault("blob folder sync"); err != nil {
		return err
	}
	return syncDir(filepath.Dir(name))
}

// make creates a folder, and those above it, and waits until their names are
// on the disk too. Nobody passes before that.
func (f *folder) make(dir string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.makeAll(dir)
}

func (f *folder) makeAll(dir string) error {
	if f.made[dir] {
		return nil
	}
	above := filepath.Dir(dir)
	if _, err := os.Stat(above); errors.Is(err, fs.ErrNotExist) {
		if err := f.makeAll(above); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := syncDir(above); err != nil {
		return err
	}
	f.made[dir] = true
	return nil
}

func (f *folder) open(ref evidence.Ref) (io.ReadCloser, error) {
	file, err := os.Open(f.path(ref))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s, neither among the mails nor in %s", evidence.ErrNotFound, ref, f.dir)
	}
	if err != nil {
		return nil, fmt.Errorf("open evidence %s: %w", ref, err)
	}
	return evidence.Verify(ref, file), nil
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// A source remembers that reading failed, to tell it from writing.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}
