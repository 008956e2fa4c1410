package fieldwork

import (
	"time"

	"golang.org/x/sys/unix"
)

// elapsed gives the time since the machine started, its sleep included
// (CLOCK_BOOTTIME, clock_gettime(2)).
func elapsed() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return running()
	}
	return time.Duration(t.Nano())
}
