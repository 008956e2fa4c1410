//go:build !linux

package fieldwork

import "time"

func elapsed() time.Duration { return running() }
