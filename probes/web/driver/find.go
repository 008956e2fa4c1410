package driver

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// ErrNoBrowser says that no Chromium could be found, and how to mend it.
var ErrNoBrowser = errors.New("no Chromium browser found: install one (Debian: apt-get install chromium-headless-shell), or name its program in browser.path or TOUCHSTONE_BROWSER")

// places are the programs that are tried, best first. The headless shell
// starts in half the time with a quarter of the memory and talks to nobody by
// itself. Debian's wrappers in /usr/bin come last: they add flags of their own
// and stand between us and the process.
var places = []string{
	"/usr/lib/chromium/chromium-headless-shell",
	"/usr/lib/chromium/chromium",
	"/usr/lib/chromium-browser/chromium-browser",
	"/opt/google/chrome/chrome",
	"/opt/chromium/chrome",
	"/usr/lib64/chromium-browser/chromium-browser",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"chromium-headless-shell", "headless-shell", "chrome-headless-shell",
	"google-chrome-stable", "google-chrome", "chromium", "chromium-browser",
}

// Find gives the browser's program: path when it is not empty, else the first
// of the usual places that exists. The error wraps ErrNoBrowser.
func Find(path string) (string, error) {
	if path != "" {
		found, err := program(path)
		if err != nil {
			return "", fmt.Errorf("the browser %s cannot be run (%w): %w", path, err, ErrNoBrowser)
		}
		return found, nil
	}
	for _, p := range places {
		if found, err := program(p); err == nil {
			return found, nil
		}
	}
	return "", ErrNoBrowser
}

func program(path string) (string, error) {
	found, err := exec.LookPath(path)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(found); err != nil || info.IsDir() {
		return "", errors.New("it is not a program")
	}
	return filepath.Abs(found)
}
