package driver

import (
	"maps"
	"slices"
	"unicode"

	"github.com/chromedp/cdproto/input"
)

// quickly types a value the short way: all but its last sign at once, that one
// by its key, for the sake of pages that listen to the keyboard. keys counts
// the keys that are let go.
func quickly(value string) (commands []command, keys int) {
	signs := []rune(value)
	if len(signs) == 0 {
		return stroke(named["Delete"]), 1
	}
	body, end := string(signs[:len(signs)-1]), signs[len(signs)-1]
	if body != "" {
		commands = append(commands, insert(body))
	}
	more, keys := sign(end)
	return append(commands, more...), keys
}

// wholly brings a value in at once, for fields that lose the focus at every
// key.
func wholly(value string) (commands []command, keys int) {
	return []command{insert(value)}, 0
}

// slowly types a value sign by sign, as fields want it that make something of
// every key.
func slowly(value string) (commands []command, keys int) {
	for _, r := range value {
		more, n := sign(r)
		commands, keys = append(commands, more...), keys+n
	}
	return commands, keys
}

func insert(text string) command {
	return command{"Input.insertText", input.InsertTextParams{Text: text}}
}

// sign types one sign: by its key, or where a keyboard may have none, as text.
func sign(r rune) (commands []command, keys int) {
	if !unicode.IsPrint(r) || r > 0xFFFF {
		return []command{insert(string(r))}, 0
	}
	k := key{key: string(r), text: string(r)}
	switch up := unicode.ToUpper(r); {
	case up >= 'A' && up <= 'Z':
		k.code, k.number = "Key"+string(up), int64(up)
	case r >= '0' && r <= '9':
		k.code, k.number = "Digit"+string(r), int64(r)
	case r == ' ':
		k.code, k.number = "Space", 32
	}
	return stroke(k), 1
}

// stroke presses a key and lets it go.
func stroke(k key) []command {
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: k.key, Code: k.code, WindowsVirtualKeyCode: k.number}
	if k.text != "" {
		down.Type, down.Text = input.DispatchKeyEventTypeKeyDown, k.text
	}
	return []command{{"Input.dispatchKeyEvent", down}, {"Input.dispatchKeyEvent", input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeKeyUp, Key: k.key, Code: k.code, WindowsVirtualKeyCode: k.number}}}
}

// A key is what a keyboard sends.
type key struct {
	key, code, text string
	number          int64
}

var named = map[string]key{
	"Enter":      {"Enter", "Enter", "\r", 13},
	"Tab":        {"Tab", "Tab", "", 9},
	"Escape":     {"Escape", "Escape", "", 27},
	"Space":      {" ", "Space", " ", 32},
	"Backspace":  {"Backspace", "Backspace", "", 8},
	"Delete":     {"Delete", "Delete", "", 46},
	"ArrowUp":    {"ArrowUp", "ArrowUp", "", 38},
	"ArrowDown":  {"ArrowDown", "ArrowDown", "", 40},
	"ArrowLeft":  {"ArrowLeft", "ArrowLeft", "", 37},
	"ArrowRight": {"ArrowRight", "ArrowRight", "", 39},
	"Home":       {"Home", "Home", "", 36},
	"End":        {"End", "End", "", 35},
	"PageUp":     {"PageUp", "PageUp", "", 33},
	"PageDown":   {"PageDown", "PageDown", "", 34},
}

// Keys lists the keys that Press knows, sorted.
func Keys() []string { return slices.Sorted(maps.Keys(named)) }
