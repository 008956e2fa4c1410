package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"touchstone/probes/web/driver"
)

// The floor is what the browser alone needs for the same pages: each is opened
// and gets one script call that presses or fills without any input event,
// search, check or wait but for the page's load. No driver can do with less.
type floor struct {
	cmd *exec.Cmd
	dir string
	in  io.WriteCloser

	mu      sync.Mutex
	next    int
	pending map[int]chan<- reply
	loads   map[string]chan struct{} // by session
}

type reply struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

func openFloor(browser string) (*floor, error) {
	dir, err := os.MkdirTemp("", "floor-")
	if err != nil {
		return nil, err
	}
	read, theirWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	theirRead, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	f := &floor{dir: dir, in: write, pending: map[int]chan<- reply{}, loads: map[string]chan struct{}{}}
	flags := driver.Flags(false)
	if os.Getuid() == 0 {
		flags = append(flags, "--no-sandbox")
	}
	f.cmd = exec.Command(browser, append(flags, "--user-data-dir="+filepath.Join(dir, "profile"))...)
	f.cmd.ExtraFiles = []*os.File{theirRead, theirWrite}
	if err := f.cmd.Start(); err != nil {
		return nil, err
	}
	theirRead.Close()
	theirWrite.Close()
	go f.listen(bufio.NewReaderSize(read, 1<<16))
	return f, nil
}

func (f *floor) listen(r *bufio.Reader) {
	for {
		raw, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m struct {
			ID        int
			SessionID string
			Method    string
			reply
		}
		if json.Unmarshal(raw[:len(raw)-1], &m) != nil {
			continue
		}
		f.mu.Lock()
		if ch := f.pending[m.ID]; m.ID != 0 && ch != nil {
			delete(f.pending, m.ID)
			ch <- m.reply
		}
		if ch := f.loads[m.SessionID]; m.Method == "Page.loadEventFired" && ch != nil {
			ch <- struct{}{}
		}
		f.mu.Unlock()
	}
}

func (f *floor) call(ctx context.Context, session, method string, params, result any) error {
	ch := make(chan reply, 1)
	f.mu.Lock()
	f.next++
	id := f.next
	f.pending[id] = ch
	raw, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params, "sessionId": session})
	if session == "" {
		raw, err = json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	}
	if err == nil {
		_, err = f.in.Write(append(raw, 0))
	}
	f.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case r := <-ch:
		if r.Error != nil {
			return fmt.Errorf("%s: %s", method, r.Error.Message)
		}
		if result != nil {
			return json.Unmarshal(r.Result, result)
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// flow makes one purchase.
func (f *floor) flow(ctx context.Context, url string) error {
	type object = map[string]any
	var made struct{ BrowserContextID, TargetID, SessionID string }
	if err := f.call(ctx, "", "Target.createBrowserContext", object{"disposeOnDetach": true}, &made); err != nil {
		return err
	}
	defer func() {
		_ = f.call(ctx, "", "Target.disposeBrowserContext", object{"browserContextId": made.BrowserContextID}, nil)
	}()
	if err := f.call(ctx, "", "Target.createTarget", object{"url": "about:blank", "browserContextId": made.BrowserContextID}, &made); err != nil {
		return err
	}
	if err := f.call(ctx, "", "Target.attachToTarget", object{"targetId": made.TargetID, "flatten": true}, &made); err != nil {
		return err
	}
	loads := make(chan struct{}, 8)
	f.mu.Lock()
	f.loads[made.SessionID] = loads
	f.mu.Unlock()
	if err := f.call(ctx, made.SessionID, "Page.enable", object{}, nil); err != nil {
		return err
	}
	if err := f.call(ctx, made.SessionID, "Page.navigate", object{"url": url + "/"}, nil); err != nil {
		return err
	}
	typed, err := json.Marshal(fieldValues())
	if err != nil {
		return err
	}
	for _, script := range []string{
		`document.querySelector('a[href="/product/3"]').click()`, `document.querySelector('#add').click()`, `document.querySelector('#go').click()`,
		`for(const [n,v] of Object.entries(` + string(typed) + `))document.querySelector('#'+n).value=v;document.querySelector('#send').click()`,
		`document.querySelector('#order').textContent`,
	} {
		select {
		case <-loads:
		case <-ctx.Done():
			return ctx.Err()
		}
		var got struct{ ExceptionDetails *struct{ Text string } }
		if err := f.call(ctx, made.SessionID, "Runtime.evaluate", object{"expression": script}, &got); err != nil {
			return err
		}
		if got.ExceptionDetails != nil {
			return fmt.Errorf("%s: %s", script, got.ExceptionDetails.Text)
		}
	}
	return nil
}

func fieldValues() map[string]string {
	values := map[string]string{}
	for _, f := range fields {
		values[f.name] = f.value
	}
	values["country"] = "GB"
	return values
}

func (f *floor) close() error {
	_ = f.cmd.Process.Kill()
	_ = f.cmd.Wait() // it was killed
	return os.RemoveAll(f.dir)
}
