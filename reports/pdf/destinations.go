package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// destinations gives the page, from 1, of each named destination of a PDF 1.4
// as browsers write it: a table of offsets (ISO 32000-1, 7.5.4), no object
// streams.
func destinations(pdf []byte) (map[string]int, error) {
	f, err := open(pdf)
	if err != nil {
		return nil, err
	}
	catalog, err := f.follow(f.trailer, "Root")
	if err != nil {
		return nil, err
	}
	tree, err := f.follow(catalog, "Pages")
	if err != nil {
		return nil, err
	}
	pages := map[int]int{} // object -> page
	if err := f.number(tree, pages, 0); err != nil {
		return nil, err
	}
	out := map[string]int{}
	names, err := f.follow(catalog, "Dests")
	if err != nil {
		return out, nil // nothing is linked
	}
	for _, m := range destination.FindAllSubmatch(names, -1) {
		n, _ := strconv.Atoi(string(m[2]))
		if pages[n] == 0 {
			return nil, fmt.Errorf("the destination %s leads to no page", m[1])
		}
		out[unescape(m[1])] = pages[n]
	}
	return out, nil
}

var (
	destination = regexp.MustCompile(`/([^\s\[\]<>()/]+)\s*\[\s*(\d+) 0 R\s*/XYZ`)
	kid         = regexp.MustCompile(`(\d+) 0 R`)
	kids        = regexp.MustCompile(`/Kids\s*\[([^\]]*)\]`)
	startxref   = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)
	hexed       = regexp.MustCompile(`#[0-9A-Fa-f]{2}`)
)

// unescape gives the name that stands in the file (ISO 32000-1, 7.3.5).
func unescape(name []byte) string {
	return string(hexed.ReplaceAllFunc(name, func(x []byte) []byte {
		n, _ := strconv.ParseUint(string(x[1:]), 16, 8)
		return []byte{byte(n)}
	}))
}

// A file is a PDF with the offsets of its objects.
type file struct {
	data    []byte
	offsets map[int]int
	trailer []byte
}

var errShape = errors.New("this is not a PDF of the expected shape")

func open(pdf []byte) (*file, error) {
	m := startxref.FindSubmatch(pdf[max(0, len(pdf)-64):])
	if m == nil {
		return nil, errShape
	}
	at, err := strconv.Atoi(string(m[1]))
	if err != nil || at >= len(pdf) {
		return nil, errShape
	}
	table, trailer, ok := bytes.Cut(pdf[at:], []byte("trailer"))
	if !ok {
		return nil, errShape
	}
	f := &file{data: pdf, offsets: map[int]int{}, trailer: trailer}
	next := 0
	for _, line := range bytes.Split(table, []byte("\n")) {
		fields := bytes.Fields(line)
		if len(fields) == 2 { // a section begins: first object, how many
			if next, err = strconv.Atoi(string(fields[0])); err != nil {
				return nil, errShape
			}
		}
		if len(fields) != 3 {
			continue
		}
		if string(fields[2]) == "n" {
			if f.offsets[next], err = strconv.Atoi(string(fields[0])); err != nil {
				return nil, errShape
			}
		}
		next++
	}
	return f, nil
}

// object gives the text of an object.
func (f *file) object(n int) ([]byte, error) {
	at, ok := f.offsets[n]
	if !ok || at >= len(f.data) {
		return nil, fmt.Errorf("%w: there is no object %d", errShape, n)
	}
	text, _, ok := bytes.Cut(f.data[at:], []byte("endobj"))
	if !ok {
		return nil, fmt.Errorf("%w: the object %d never ends", errShape, n)
	}
	return text, nil
}

// follow gives the object that a dictionary's entry refers to.
func (f *file) follow(dictionary []byte, key string) ([]byte, error) {
	_, rest, ok := bytes.Cut(dictionary, []byte("/"+key+" "))
	if !ok {
		return nil, fmt.Errorf("%w: no /%s", errShape, key)
	}
	m := kid.FindSubmatch(rest)
	if m == nil || !bytes.HasPrefix(rest, m[0]) {
		return nil, fmt.Errorf("%w: /%s is no reference", errShape, key)
	}
	n, _ := strconv.Atoi(string(m[1]))
	return f.object(n)
}

// number counts the pages below a node of the page tree.
func (f *file) number(node []byte, pages map[int]int, depth int) error {
	m := kids.FindSubmatch(node)
	if m == nil || depth > 20 {
		return fmt.Errorf("%w: the tree of pages", errShape)
	}
	for _, k := range kid.FindAllSubmatch(m[1], -1) {
		n, _ := strconv.Atoi(string(k[1]))
		child, err := f.object(n)
		if err != nil {
			return err
		}
		if kids.Match(child) {
			if err := f.number(child, pages, depth+1); err != nil {
				return err
			}
			continue
		}
		pages[n] = len(pages) + 1
	}
	return nil
}
