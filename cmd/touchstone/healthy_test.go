package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"touchstone/internal/db"
	"touchstone/internal/fieldwork"
)

// Health is lost with a mailbox, and with a loop that turns no more.
func TestHealthy(t *testing.T) {
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "touchstone.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	err = d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO wave (id, state, seed, created_us, plan, version) VALUES ('w1', 'running', 1, 1, '{}', 'v')`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	mailbox, idle := 1.0, 0.0
	reg := prometheus.NewRegistry()
	reg.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "touchstone_mailbox_up", ConstLabels: prometheus.Labels{"mailbox": "INBOX"}}, func() float64 { return mailbox }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "touchstone_loop_idle_seconds"}, func() float64 { return idle }),
		fieldwork.Standing(d, "w1"),
	)
	for _, c := range []struct {
		mailbox, idle float64
		wants         string
	}{
		{1, 0, ""},
		{1, 290, ""}, // a turn may take a while
		{1, 301, "the loop has not turned for 301 s"},
		{0, 0, "mailbox INBOX is lost"},
	} {
		mailbox, idle = c.mailbox, c.idle
		err := healthy(t.Context(), d, reg, "w1")
		if got := err != nil; got != (c.wants != "") || got && !strings.Contains(err.Error(), c.wants) {
			t.Errorf("mailbox %v, idle %v: %v, want %q", c.mailbox, c.idle, err, c.wants)
		}
	}
	if err := healthy(t.Context(), d, reg, "w2"); err == nil {
		t.Error("a wave that is gone is healthy")
	}
}
