package driver

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Errors that say why no window can be shown, and how to mend it.
var (
	ErrNoScreen = errors.New("there is no screen to show a browser on: neither DISPLAY nor WAYLAND_DISPLAY is set; run it in a desktop session, or with a display forwarded (ssh -X)")
	ErrNoWindow = errors.New("no Chromium with a window found: install one (Debian: apt-get install chromium), or name its program in browser.path or TOUCHSTONE_BROWSER")
)

// unseen are the flags of a browser that nobody looks at.
var unseen = []string{"--headless", "--disable-gpu", "--hide-scrollbars", "--mute-audio"}

// FindVisible gives a browser's program that can show a window: path when it
// is not empty, else the first of the usual places. The error wraps
// ErrNoBrowser, ErrNoWindow or ErrNoScreen. getenv tells of the screen.
func FindVisible(path string, getenv func(string) string) (string, error) {
	if path != "" {
		found, err := Find(path)
		if err == nil && shell(found) {
			return "", fmt.Errorf("%s shows no window: %w", found, ErrNoWindow)
		}
		if err != nil {
			return "", err
		}
		return found, screen(getenv)
	}
	for _, p := range places {
		if found, err := program(p); err == nil && !shell(found) {
			return found, screen(getenv)
		}
	}
	return "", ErrNoWindow
}

// shell reports whether a program is the headless shell.
func shell(path string) bool { return strings.Contains(filepath.Base(path), "headless") }

func screen(getenv func(string) string) error {
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" || getenv("DISPLAY") != "" || getenv("WAYLAND_DISPLAY") != "" {
		return nil
	}
	return ErrNoScreen
}

// flagsOf gives the flags of a browser that is looked at, or not.
func flagsOf(visible bool) []string {
	if !visible {
		return slices.Clone(flags)
	}
	return slices.DeleteFunc(slices.Clone(flags), func(f string) bool { return slices.Contains(unseen, f) })
}
