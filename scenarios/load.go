package scenarios

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"touchstone/probes"
	"touchstone/scoring"
)

//go:embed library
var library embed.FS

//go:embed visits
var visits embed.FS

// Load reads a project's folder. Its error is Mistakes when the files could be
// read but say something wrong: all mistakes of all files at once.
func (l Language) Load(dir string) (*Project, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the project's folder: %w", err)
	}
	info, err := os.Stat(abs)
	if err != nil {
		return nil, fmt.Errorf("open the project's folder (`touchstone init %s` makes one): %w", dir, err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is a file: name the project's folder", dir)
	}
	j, err := l.judge()
	if err != nil {
		return nil, err
	}
	return l.load(j, os.DirFS(abs), abs)
}

func (l Language) load(j *judge, fsys fs.FS, dir string) (*Project, error) {
	shipped := &loader{Language: l, judge: j, fsys: Library(), prefix: "library/"}
	own := &loader{Language: l, judge: j, fsys: fsys, dir: dir}

	p := &Project{Dir: dir}
	own.project(p)
	own.sites(p)
	p.Personas = overlay(shipped.personas(), own.personas(), func(who probes.Persona) string { return who.ID })
	own.scenarios(p)
	p.Scorecards = overlay(shipped.scorecards(), own.scorecards(), func(c scoring.Scorecard) string { return c.ID })
	named := &loader{Language: l, judge: j}
	if l.Checks != "" {
		named.fsys, named.prefix = os.DirFS(filepath.Dir(l.Checks)), filepath.ToSlash(filepath.Dir(l.Checks))+"/"
		named.checks(p, filepath.Base(l.Checks))
	} else if own.exists("checks.yaml", false) {
		own.checks(p, "checks.yaml")
	}

	if err := errors.Join(shipped.err, own.err, named.err); err != nil {
		return nil, err
	}
	if ms := slices.Concat(shipped.all(), own.all(), named.all()).sorted(); len(ms) > 0 {
		return nil, ms
	}
	return p, nil
}

// overlay puts a project's own entries over the shipped ones.
func overlay[T any](shipped, own []T, id func(T) string) []T {
	var all []T
	taken := map[string]bool{}
	for _, v := range own {
		taken[id(v)] = true
	}
	for _, v := range shipped {
		if !taken[id(v)] {
			all = append(all, v)
		}
	}
	return append(all, own...)
}

// A loader reads the files of one folder.
type loader struct {
	Language
	judge    *judge
	fsys     fs.FS
	dir      string // absolute
	prefix   string // of file names in messages
	docs     []*document
	mistakes Mistakes // that stand in no file
	err      error    // the first that was not the author's doing
}

func (ld *loader) all() Mistakes {
	all := ld.mistakes
	for _, d := range ld.docs {
		all = append(all, d.mistakes...)
	}
	return all
}

// read parses a file, holds it against its schema and decodes it as far as it
// fits. It gives nil when there is nothing to go on with, and the paths at
// which the schema found fault.
func (ld *loader) read(what, file string, into any) (*document, [][]string) {
	data, err := fs.ReadFile(ld.fsys, file)
	if err != nil {
		ld.fail(fmt.Errorf("read %s: %w", file, err))
		return nil, nil
	}
	d := parse(ld.prefix+file, data)
	ld.docs = append(ld.docs, d)
	if d.root == nil {
		return nil, nil
	}
	faulty := ld.judge.check(what, d)
	if err := decode(d.tree, into, len(d.mistakes) > 0); err != nil {
		d.mistake(d.at(), "%s", err)
		return nil, nil
	}
	return d, faulty
}

func (ld *loader) fail(err error) {
	if ld.err == nil {
		ld.err = err
	}
}

// exists reports whether the folder holds a file. A needed one that is
// missing is a mistake.
func (ld *loader) exists(file string, needed bool) bool {
	_, err := fs.Stat(ld.fsys, file)
	switch {
	case err == nil:
		return true
	case !errors.Is(err, fs.ErrNotExist):
		ld.fail(fmt.Errorf("look for %s: %w", file, err))
	case needed:
		message := "there is no such file here: `touchstone init` writes one to begin with"
		if short := strings.TrimSuffix(file, ".yaml") + ".yml"; ld.exists(short, false) {
			message = fmt.Sprintf("there is no such file here: rename %s", short)
		}
		ld.mistakes = append(ld.mistakes, Mistake{Pos: Pos{File: file}, Message: message})
	}
	return false
}

// list gives the YAML files of a subfolder, by name.
func (ld *loader) list(folder string) []string {
	entries, err := fs.ReadDir(ld.fsys, folder)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			ld.fail(fmt.Errorf("list the folder %s: %w", folder, err))
		}
		return nil
	}
	var files []string
	for _, e := range entries {
		name := path.Join(folder, e.Name())
		switch ext := path.Ext(name); {
		case e.IsDir():
		case ext == ".yaml":
			files = append(files, name)
		case ext == ".yml":
			ld.mistakes = append(ld.mistakes, Mistake{Pos: Pos{File: name}, Message: "this file would not be read: rename it to end in .yaml"})
		}
	}
	return files
}

// sound reports whether a file holds no mistake. Where it does, others are not
// blamed for what it fails to say.
func (ld *loader) sound(file string) bool {
	for _, d := range ld.docs {
		if d.file == ld.prefix+file {
			return len(d.mistakes) == 0
		}
	}
	return !slices.ContainsFunc(ld.mistakes, func(m Mistake) bool { return m.File == file })
}

// soundFolder likewise speaks of all files of a folder.
func (ld *loader) soundFolder(folder string) bool {
	return !slices.ContainsFunc(ld.docs, func(d *document) bool {
		return strings.HasPrefix(d.file, ld.prefix+folder+"/") && len(d.mistakes) > 0
	})
}

// path makes a path of the project's files absolute.
func (ld *loader) path(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(ld.dir, filepath.FromSlash(name))
}

// A register finds ids that are given twice.
type register map[string]Pos

// take notes an id and where it stands; a second taker is told of the first.
func (r register) take(d *document, what, id string, at Pos) {
	if id == "" {
		return // its absence was said
	}
	if first, taken := r[id]; taken {
		d.wrong(at, "the %s %q is there already: %s", what, id, first)
		return
	}
	r[id] = at
}
