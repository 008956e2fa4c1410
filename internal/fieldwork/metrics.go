package fieldwork

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"touchstone/internal/db"
)

// Metrics are what an engine counts of its own work while it lasts. How a wave
// stands is not counted here but read from the database: see Standing.
// A nil *Metrics counts nothing.
type Metrics struct {
	letters  *prometheus.CounterVec
	sending  prometheus.Histogram
	visits   *prometheus.CounterVec
	visiting prometheus.Histogram
	mails    *prometheus.CounterVec
	lapsed   prometheus.Counter
	mailbox  *prometheus.GaugeVec
	turned   atomic.Int64 // when the loop last did, by running(); 0 before it has
}

// NewMetrics registers the metrics of an engine that lives by a clock.
func NewMetrics(reg prometheus.Registerer, clock Clock) *Metrics {
	m := &Metrics{
		letters:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "touchstone_letters_total", Help: "Tries of letters, by what the relay said: accepted, refused, deferred, uncertain."}, []string{"state"}),
		sending:  prometheus.NewHistogram(prometheus.HistogramOpts{Name: "touchstone_send_seconds", Help: "How long a try of a letter took.", Buckets: []float64{.05, .2, 1, 5, 30, 120, 600}}),
		visits:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "touchstone_visits_total", Help: "Visits that ended, by outcome."}, []string{"outcome"}),
		visiting: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "touchstone_visit_seconds", Help: "How long a visit took.", Buckets: []float64{1, 5, 15, 60, 300, 1800}}),
		mails:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "touchstone_mails_total", Help: "Mails stored, by how each was matched: address, references, none."}, []string{"matched"}),
		lapsed:   prometheus.NewCounter(prometheus.CounterOpts{Name: "touchstone_leases_lapsed_total", Help: "Probes given up because they did not end in their time."}),
		mailbox:  prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "touchstone_mailbox_up", Help: "1 while the mailbox is watched, 0 while its connection is lost."}, []string{"mailbox"}),
	}
	reg.MustRegister(m.letters, m.sending, m.visits, m.visiting, m.mails, m.lapsed, m.mailbox)
	reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "touchstone_loop_idle_seconds", Help: "Since the loop over due probes last turned, which it does every minute; 0 before it has."}, func() float64 { return m.idle().Seconds() }))
	if s, ok := clock.(*Steady); ok {
		reg.MustRegister(
			prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "touchstone_clock_jumps_total", Help: "How often the wall clock was seen to have been set."}, func() float64 { jumps, _ := s.Jumps(); return float64(jumps) }),
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "touchstone_clock_ahead_seconds", Help: "By how much the wall clock was ahead of the run's time when that was last seen to change."}, func() float64 { _, ahead := s.Jumps(); return ahead.Seconds() }),
		)
	}
	return m
}

// turn notes that the loop is alive.
func (m *Metrics) turn() {
	if m != nil {
		m.turned.Store(int64(running()))
	}
}

// idle gives for how long the loop has not turned, in real time.
func (m *Metrics) idle() time.Duration {
	if at := m.turned.Load(); at != 0 {
		return running() - time.Duration(at)
	}
	return 0
}

func (m *Metrics) sent(state string, took time.Duration) {
	if m != nil {
		m.letters.WithLabelValues(state).Inc()
		m.sending.Observe(took.Seconds())
	}
}

func (m *Metrics) visited(outcome string, took time.Duration) {
	if m != nil {
		m.visits.WithLabelValues(outcome).Inc()
		m.visiting.Observe(took.Seconds())
	}
}

func (m *Metrics) stored(matched string) {
	if m != nil {
		if matched == "" {
			matched = "none"
		}
		m.mails.WithLabelValues(matched).Inc()
	}
}

func (m *Metrics) gaveUp() {
	if m != nil {
		m.lapsed.Inc()
	}
}

func (m *Metrics) watched(mailbox string, err error) {
	if m != nil {
		up := 1.0
		if err != nil {
			up = 0
		}
		m.mailbox.WithLabelValues(mailbox).Set(up)
	}
}

var (
	probesDesc = prometheus.NewDesc("touchstone_probes", "Probes of the wave, by where they stand; outcome is empty until they are done.", []string{"wave", "site", "state", "outcome"}, nil)
	killDesc   = prometheus.NewDesc("touchstone_kill_switch", "1 while the kill switch is on.", nil, nil)
)

// Standing gives how a wave stands to whoever scrapes: a series for each site
// of the panel and each state or outcome that it has.
func Standing(d *db.DB, wave string) prometheus.Collector { return standing{d, wave} }

type standing struct {
	db   *db.DB
	wave string
}

func (s standing) Describe(ch chan<- *prometheus.Desc) {
	ch <- probesDesc
	ch <- killDesc
}

func (s standing) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second) // a scraper gives none
	defer cancel()
	err := s.db.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		on, err := stopped(ctx, tx)
		if err != nil {
			return err
		}
		v := 0.0
		if on != "" {
			v = 1
		}
		ch <- prometheus.MustNewConstMetric(killDesc, prometheus.GaugeValue, v)
		return counts(ctx, tx, s.wave, func(site, state, outcome string, n int) {
			ch <- prometheus.MustNewConstMetric(probesDesc, prometheus.GaugeValue, float64(n), s.wave, site, state, outcome)
		})
	})
	if err != nil {
		ch <- prometheus.NewInvalidMetric(probesDesc, err)
	}
}
