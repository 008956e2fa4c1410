package reading

import (
	"regexp"
	"sync"
)

// A pattern is a regular expression that is compiled when it is first used:
// there are many, and most of the program's commands read nothing.
type pattern struct{ compiled func() *regexp.Regexp }

// lazily panics at the first use of a pattern that cannot be read.
func lazily(source string) pattern {
	return pattern{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(source) })}
}

func (p pattern) FindAllIndex(b []byte, n int) [][]int   { return p.compiled().FindAllIndex(b, n) }
func (p pattern) FindAllString(s string, n int) []string { return p.compiled().FindAllString(s, n) }
func (p pattern) FindAllStringIndex(s string, n int) [][]int {
	return p.compiled().FindAllStringIndex(s, n)
}
func (p pattern) FindAllStringSubmatch(s string, n int) [][]string {
	return p.compiled().FindAllStringSubmatch(s, n)
}
func (p pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	return p.compiled().FindAllStringSubmatchIndex(s, n)
}
func (p pattern) FindString(s string) string           { return p.compiled().FindString(s) }
func (p pattern) FindStringIndex(s string) []int       { return p.compiled().FindStringIndex(s) }
func (p pattern) FindStringSubmatch(s string) []string { return p.compiled().FindStringSubmatch(s) }
func (p pattern) MatchString(s string) bool            { return p.compiled().MatchString(s) }
func (p pattern) ReplaceAllString(s, with string) string {
	return p.compiled().ReplaceAllString(s, with)
}
func (p pattern) Split(s string, n int) []string { return p.compiled().Split(s, n) }
