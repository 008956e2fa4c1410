package driver

import (
	"bufio"
	"io"
	"os"
	"sync"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/chromedp"
)

// A wire is the pair of pipes to the browser. What is said in one breath goes
// out in one piece, and what is heard comes in large ones: each piece wakes the
// other side.
type wire struct {
	*chromedp.PipeConn
	out *bufio.Writer // that the connection writes to
}

// The pieces, in bytes: a picture is heard in a few.
const wireHears, wireSays = 256 << 10, 64 << 10

func newWire(read, write *os.File) *wire {
	out := bufio.NewWriterSize(write, wireSays)
	return &wire{
		PipeConn: chromedp.NewPipeConn(heard{bufio.NewReaderSize(read, wireHears), read}, said{out, write}),
		out:      out,
	}
}

type heard struct {
	io.Reader
	io.Closer
}

type said struct {
	io.Writer
	io.Closer
}

// An outbox is a queue without a limit.
type outbox struct {
	mu     sync.Mutex
	wake   *sync.Cond
	queue  []*cdproto.Message
	closed bool
}

func (o *outbox) put(all ...*cdproto.Message) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queue = append(o.queue, all...)
	o.wake.Signal()
}

// take gives all that waits, and waits where nothing does; none: it was closed.
func (o *outbox) take() []*cdproto.Message {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.queue) == 0 && !o.closed {
		o.wake.Wait()
	}
	all := o.queue
	o.queue = nil
	return all
}

func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.wake.Broadcast()
}
