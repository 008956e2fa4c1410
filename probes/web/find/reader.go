package find

// A Reader reads the views of one shop. It keeps what words it has read, for a
// shop's head, menus and foot say the same on every page. The zero Reader is
// ready; it is not safe for concurrent use.
type Reader struct {
	texts  map[string]Marks
	labels map[string]Reading
	paths  map[string]pathReading
}

type pathReading struct {
	last Reading
	deep Marks
}

// kept bounds how many words of one kind a Reader keeps; then it begins anew.
const kept = 8192

// keep gives what was read of a text before, and reads it where it was not.
func keep[T any](known *map[string]T, text string, read func(string) T) T {
	if r, ok := (*known)[text]; ok {
		return r
	}
	if *known == nil || len(*known) >= kept {
		*known = map[string]T{}
	}
	r := read(text)
	(*known)[text] = r
	return r
}

func (r *Reader) text(s string) Marks    { return keep(&r.texts, s, Read) }
func (r *Reader) label(s string) Reading { return keep(&r.labels, s, ReadLabel) }
func (r *Reader) path(s string) pathReading {
	return keep(&r.paths, s, func(s string) pathReading {
		last, deep := ReadPath(s)
		return pathReading{last, deep}
	})
}
