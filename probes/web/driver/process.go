package driver

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// flags are the same for every visit, so that a picture of a site is fair and
// timings are plain: images, fonts and scripts stay on; background traffic,
// first-run pages and paint holding are off. What isolation adds comes behind.
var flags = []string{
	"--headless", "--disable-gpu", "--hide-scrollbars", "--mute-audio", "--window-size=1280,800",
	"--no-first-run", "--no-default-browser-check", "--no-startup-window", "--no-pings",
	"--disable-background-networking", "--disable-background-timer-throttling",
	"--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
	"--disable-breakpad", "--disable-crash-reporter", "--disable-component-update", "--disable-default-apps",
	"--disable-extensions", "--disable-hang-monitor", "--disable-ipc-flooding-protection",
	"--disable-popup-blocking", "--disable-prompt-on-repost", "--disable-sync", "--disable-domain-reliability",
	"--disable-field-trial-config", "--disable-client-side-phishing-detection", "--accept-lang=en-US,en",
	// What the whole browser asks its maker for all the same: whether somebody has
	// signed in, and parts of itself. Port 9 is one that it never connects to.
	"--gaia-url=http://127.0.0.1:9", "--component-updater=url-source=http://127.0.0.1:9/",
	"--force-color-profile=srgb", "--metrics-recording-only", "--password-store=basic", "--use-mock-keychain",
	// What pages tell other browsers passes no gate of ours: they find no way there
	// but through a proxy, of which there is none. The whole browser wants it written
	// in its profile, see settle.
	"--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
	"--remote-debugging-pipe",
}

// Flags are what every browser is started with, but for the profile's place
// and, where there is no sandbox, --no-sandbox.
func Flags(isolate bool) []string { return append(slices.Clone(flags), isolation(isolate)...) }

const disabled = "--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication,PaintHolding,HttpsUpgrades,NetworkTimeServiceQuerying"

// isolation gives the flags that put the frames of other sites into processes
// of their own, or leave them with the page. They are left by default, in the
// whole browser as in the headless shell: a profile holds no secret of the
// user's, and lives as long as its browser.
func isolation(on bool) []string {
	if on {
		return []string{disabled, "--site-per-process"}
	}
	return []string{disabled + ",IsolateOrigins,site-per-process", "--disable-site-isolation-trials"}
}

// process is one running browser and the two pipes to it.
type process struct {
	cmd    *exec.Cmd
	dir    string // profile and temporary files; removed when the browser has ended
	read   *os.File
	write  *os.File
	exited chan struct{} // closed when the process has ended and dir is gone
	err    error         // how it ended; valid after exited
	stderr tail
}

// launch starts the program with a profile of its own below tempDir.
func launch(program, tempDir string, args []string) (*process, error) {
	if tempDir == "" {
		tempDir = os.TempDir()
	}
	sweep(tempDir)
	dir, err := os.MkdirTemp(tempDir, fmt.Sprintf("%s%d-", dirPrefix, os.Getpid()))
	if err != nil {
		return nil, fmt.Errorf("make a folder for the browser's profile: %w", err)
	}
	tmp, err := shortly(dir)
	if err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("make a folder for the browser's socket: %w", err)
	}
	p, err := start(program, dir, tmp, args)
	if err != nil {
		os.RemoveAll(dir)
		os.RemoveAll(tmp)
		return nil, fmt.Errorf("start the browser %s: %w", program, err)
	}
	return p, nil
}

// longest is how long the name of a folder may be in which the whole browser
// makes its socket: "/org.chromium.Chromium.XXXXXX/SingletonSocket" comes
// behind it, and a socket's name has at most 107 bytes (unix(7)).
const longest = 107 - 46

// shortly gives the folder itself, or another one where its name is too long.
func shortly(dir string) (string, error) {
	if len(dir) <= longest {
		return dir, nil
	}
	sweep("/tmp")
	return os.MkdirTemp("/tmp", fmt.Sprintf("%s%d-", dirPrefix, os.Getpid()))
}

func start(program, dir, tmp string, args []string) (*process, error) {
	theirRead, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	read, theirWrite, err := os.Pipe()
	if err != nil {
		theirRead.Close()
		write.Close()
		return nil, err
	}
	defer theirRead.Close()
	defer theirWrite.Close()

	if err := settle(filepath.Join(dir, "profile", "Default")); err != nil {
		return nil, err
	}
	p := &process{dir: dir, read: read, write: write, exited: make(chan struct{})}
	p.cmd = exec.Command(program, append(args, "--user-data-dir="+filepath.Join(dir, "profile"))...)
	p.cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	p.cmd.ExtraFiles = []*os.File{theirRead, theirWrite} // 3 and 4 of the browser
	p.cmd.Stderr = &p.stderr
	p.cmd.WaitDelay = 2 * time.Second // a child of the browser may hold its stderr open
	p.cmd.SysProcAttr = ownGroup()

	started := make(chan error, 1)
	go func() {
		// The kernel ends the browser with the thread that started it, so that
		// thread has to live as long as the browser does.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		adopt()
		err := p.cmd.Start()
		started <- err
		if err != nil {
			release()
			return
		}
		p.err = p.cmd.Wait()
		killGroup(p.cmd.Process.Pid) // its helpers may outlive it and write into the profile
		reap(p.cmd.Process.Pid)
		if !shell(program) {
			reapHandlers(tmp)
		}
		release()
		removeAll(p.dir)
		removeAll(tmp)
		close(p.exited)
	}()
	if err := <-started; err != nil {
		read.Close()
		write.Close()
		return nil, err
	}
	return p, nil
}

// settle writes what no flag says into a new profile: that a failed page is no
// reason to ask the browser's maker about the network, and that nothing is fetched
// before somebody wants it.
func settle(profile string) error {
	if err := os.MkdirAll(profile, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(profile, "Preferences"), []byte(`{"alternate_error_pages":{"enabled":false},"net":{"network_prediction_options":2},"webrtc":{"ip_handling_policy":"disable_non_proxied_udp"}}`), 0o600)
}

// stop ends the process, politely for as long as patience, and waits for it.
func (p *process) stop(patience time.Duration) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-p.exited:
	case <-timer.C:
		killGroup(p.cmd.Process.Pid)
		_ = p.cmd.Process.Kill()
		<-p.exited
	}
	p.read.Close()
	p.write.Close()
}

// dirPrefix is followed by the process id of the program that made the folder.
const dirPrefix = "touchstone-browser-"

// sweep removes profiles that a killed program has left behind.
func sweep(tempDir string) {
	left, _ := filepath.Glob(filepath.Join(tempDir, dirPrefix+"*"))
	for _, dir := range left {
		owner, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), dirPrefix), "-")
		pid, err := strconv.Atoi(owner)
		if err != nil || pid == os.Getpid() {
			continue
		}
		if !alive(pid) {
			os.RemoveAll(dir)
		}
	}
}

// removeAll tries a few times: a dying browser may still create files.
func removeAll(dir string) {
	for range 20 {
		if os.RemoveAll(dir) == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// tail keeps the last kilobytes of what the browser complained about.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	if len(t.buf) > 4096 {
		t.buf = bytes.Clone(t.buf[len(t.buf)-4096:])
	}
	return len(b), nil
}

func (t *tail) all() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf)
}

// last gives the last line that is not empty.
func (t *tail) last() string {
	lines := strings.Split(strings.TrimSpace(t.all()), "\n")
	return lines[len(lines)-1]
}
