// Package side is the High Street's side street: shops that share no page with
// those of the High Street nor with one another. Each is built in the manner
// of one family of shop software (its addresses, class names and habits), so
// that whoever comes to a shop for the first time can be tried on many. They
// stand on the loopback address, answer from memory, and sell nothing: what is
// sent to a payment is counted, and should stay at nought.
//
// What can be reached in each, and in how few presses, is known beforehand:
// see Goal, Answer and Price.
package side

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// A Street is open from Open to Close.
type Street struct {
	shops  []*Shop
	close  []func() error
	served sync.WaitGroup
}

// specs are the shops, in the order in which they are listed.
func specs() []*spec {
	return []*spec{tallow(), fable(), moor(), papierlaube(), minato(), greenlens(), marrow(), harrow(), gridiron(), lavandiere(), sonder(), whittle()}
}

// Open puts the shops up, each on a free port of 127.0.0.1; with names, only
// those. ctx bounds the opening and nothing later. A nil log writes nowhere.
func Open(ctx context.Context, logger *slog.Logger, names ...string) (_ *Street, err error) {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	s := &Street{}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("open the side street: %w", err), s.Close())
		}
	}()
	want := map[string]bool{}
	for _, name := range names {
		want[name] = true
	}
	for _, sp := range specs() {
		if len(names) > 0 && !want[sp.id] {
			continue
		}
		delete(want, sp.id)
		if err := s.put(ctx, &Shop{spec: sp, log: logger}); err != nil {
			return nil, err
		}
	}
	for name := range want {
		return nil, fmt.Errorf("no shop there is called %q", name)
	}
	return s, nil
}

// put opens one shop.
func (s *Street) put(ctx context.Context, shop *Shop) error {
	handler, err := shop.handler()
	if err != nil {
		return err
	}
	var c net.ListenConfig
	l, err := c.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen on the loopback address: %w", err)
	}
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	s.close = append(s.close, func() error {
		if err := errors.Join(srv.Close(), l.Close()); err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
	s.served.Go(func() { _ = srv.Serve(l) }) // it ends with the error of being closed
	shop.URL = "http://" + l.Addr().String() + "/"
	s.shops = append(s.shops, shop)
	return nil
}

// Shops are those that stand open.
func (s *Street) Shops() []*Shop { return s.shops }

// Customers are those whom the shops know, by shop.
func Customers() map[string]Customer {
	known := map[string]Customer{}
	for _, sp := range specs() {
		known[sp.id] = sp.known
	}
	return known
}

// Shop gives one by its id, or nil.
func (s *Street) Shop(id string) *Shop {
	for _, shop := range s.shops {
		if shop.ID() == id {
			return shop
		}
	}
	return nil
}

// Close takes the street down and returns when nothing of it is left running.
func (s *Street) Close() error {
	var errs []error
	for _, stop := range s.close {
		errs = append(errs, stop())
	}
	s.close = nil
	s.served.Wait()
	return errors.Join(errs...)
}
