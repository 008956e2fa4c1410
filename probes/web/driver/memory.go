package driver

import (
	"fmt"
	"syscall"
	"time"
)

// ErrMemory is an ErrCrashed of a page that took more memory than one may.
var ErrMemory = fmt.Errorf("%w: it took more memory than a page may", ErrCrashed)

// PageMemory is how much a page's process may take, in bytes, unless Options
// say otherwise: about four times what the heaviest ordinary shop pages take,
// and what ends a page on a telephone.
const PageMemory = 1 << 30

// Memory is what the browser's processes take, in bytes, without what they
// share with files and one another; 0 where the system does not tell.
func (b *Browser) Memory() (sum int64) {
	for _, own := range members(b.Pid()) {
		sum += own
	}
	return sum
}

// weigh ends processes of pages that have grown beyond the ceiling, until the
// browser ends. A page learns of it as of a crash: ErrMemory.
func (b *Browser) weigh(ceiling int64) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-b.dead:
			return
		case <-tick.C:
		}
		for pid, own := range members(b.Pid()) {
			if own <= ceiling || !draws(pid) {
				continue
			}
			b.log.Warn("a page took more memory than one may, and was ended", "bytes", own, "ceiling", ceiling)
			b.ended.Add(1)
			if syscall.Kill(pid, syscall.SIGKILL) != nil {
				b.ended.Add(-1)
			}
		}
	}
}

// crashed ends the session of a page whose process is gone. The browser does
// not say which process that was; one that was ended here is the likely one.
func (b *Browser) crashed(s *session) {
	for n := b.ended.Load(); n > 0; n = b.ended.Load() {
		if !b.ended.CompareAndSwap(n, n-1) {
			continue
		}
		s.end(ErrMemory)
		if s.tab != nil { // a frame's memory is the page's
			if p := s.tab.Page(); p != nil {
				p.s.end(ErrMemory)
			}
		}
		return
	}
	s.end(ErrCrashed)
}
