package scenarios

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed starter
var starter embed.FS

// Starter makes a project's folder to begin with: commented files to edit, the
// shipped scenarios, personas and scorecard as copies, and the schemas that
// editors complete from. It loads without mistakes as it stands. Files that
// are there already are never overwritten: Starter names them and writes
// nothing.
func (l Language) Starter(dir string) error {
	files, err := starterFiles()
	if err != nil {
		return err
	}
	names := sortedNames(files)
	var there []string
	for _, name := range names {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			there = append(there, name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("look into the folder: %w", err)
		}
	}
	if len(there) > 0 {
		return fmt.Errorf("nothing was written, since %s already holds %s: choose another folder, or move them away", dir, strings.Join(there, ", "))
	}
	for _, name := range names {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return fmt.Errorf("make the project's folder: %w", err)
		}
		if err := writeNew(to, files[name]); err != nil {
			return fmt.Errorf("write the project: %w", err)
		}
	}
	return l.WriteSchemas(dir)
}

// starterFiles gives what Starter writes, by path.
func starterFiles() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, from := range []fs.FS{Library(), Visits(), starter} {
		err := fs.WalkDir(from, ".", func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			data, err := fs.ReadFile(from, name)
			to := strings.TrimPrefix(name, "starter/")
			if to == "gitignore" {
				to = ".gitignore"
			}
			files[to] = data
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read what is shipped: %w", err)
		}
	}
	return files, nil
}

func sortedNames(files map[string][]byte) []string {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func writeNew(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
