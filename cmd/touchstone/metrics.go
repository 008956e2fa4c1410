package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"touchstone/internal/db"
	"touchstone/internal/fieldwork"
)

const metricsUsage = "serve Prometheus metrics at /metrics and health at /healthz on this address, say :9464 (this machine only, unless a host is named)"

// metrics serves what a process knows about a wave until it is closed. With no
// address it serves nothing, and the registry is nil.
func (a *app) metrics(addr string, d *db.DB, wave string) (*prometheus.Registry, func(), error) {
	if addr == "" {
		return nil, func() {}, nil
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, nil, usage("--metrics-addr: %w; write :9464, or HOST:PORT", err)
	}
	if host == "" {
		host = "127.0.0.1" // whoever wants it seen from outside says so
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, nil, usage("--metrics-addr: %w", err)
	}
	reg := prometheus.NewRegistry()
	reg.MustRegister(fieldwork.Standing(d, wave), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if err := healthy(r.Context(), d, reg, wave); err != nil {
			http.Error(w, a.redactor.String(err.Error()), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.log.Warn("metrics are served no more", "error", err)
		}
	}()
	a.log.Info("metrics are served", "address", l.Addr().String())
	return reg, func() { _ = server.Close() }, nil
}

// stuck is for how long a loop that turns every minute may not: a look at the
// mailboxes of many uncertain letters takes a while.
const stuck = 5 * time.Minute

// healthy asks what a process needs to go on: the database answers, the kill
// switch is off, no mailbox is lost, and the loop turns.
func healthy(ctx context.Context, d *db.DB, reg *prometheus.Registry, wave string) error {
	if _, err := fieldwork.LoadWave(ctx, d, wave); err != nil {
		return err
	}
	families, err := reg.Gather()
	if err != nil {
		return err
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			switch v := m.GetGauge().GetValue(); {
			case f.GetName() == "touchstone_mailbox_up" && v == 0:
				return fmt.Errorf("mailbox %s is lost", m.GetLabel()[0].GetValue())
			case f.GetName() == "touchstone_kill_switch" && v == 1:
				return errors.New("the kill switch is on")
			case f.GetName() == "touchstone_loop_idle_seconds" && v > stuck.Seconds():
				return fmt.Errorf("the loop has not turned for %.0f s: `touchstone run` started again goes on", v)
			}
		}
	}
	return nil
}
