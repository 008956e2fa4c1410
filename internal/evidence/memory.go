package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"sync"
)

// A Memory is a Store that lives as long as the process: for dry runs and tests.
type Memory struct {
	mu    sync.RWMutex
	blobs map[Ref][]byte
	waves map[string]map[ProbeID][]reading // in the order of their arrival
}

// A reading is one stored observation in canonical form. Bytes, not the
// caller's slices and maps, so that nobody can change it afterwards.
type reading struct {
	version string
	body    []byte
}

// NewMemory gives an empty store.
func NewMemory() *Memory {
	return &Memory{blobs: map[Ref][]byte{}, waves: map[string]map[ProbeID][]reading{}}
}

// Put stores the bytes of r.
func (m *Memory) Put(ctx context.Context, r io.Reader) (Ref, error) {
	data, err := io.ReadAll(WithContext(ctx, r))
	if err != nil {
		return "", fmt.Errorf("store evidence: %w", err)
	}
	ref := RefOf(data)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.blobs[ref] = data
	return ref, nil
}

// Open reads what Put stored.
func (m *Memory) Open(ctx context.Context, ref Ref) (io.ReadCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("open evidence %s: %w", ref, err)
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	data, ok := m.blobs[ref]
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, ref)
	}
	return Verify(ref, io.NopCloser(WithContext(ctx, bytes.NewReader(data)))), nil
}

// Append stores an observation.
func (m *Memory) Append(ctx context.Context, o Observation) error {
	body, err := o.Canonical()
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("append observation of probe %s: %w", o.Probe, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	wave := m.waves[o.Probe.Wave]
	if wave == nil {
		wave = map[ProbeID][]reading{}
		m.waves[o.Probe.Wave] = wave
	}
	for _, old := range wave[o.Probe] {
		if old.version != o.Reading {
			continue
		}
		if !bytes.Equal(old.body, body) {
			return fmt.Errorf("%w: probe %s, reading %s", ErrConflict, o.Probe, o.Reading)
		}
		return nil
	}
	wave[o.Probe] = append(wave[o.Probe], reading{o.Reading, body})
	return nil
}

// Observations yields the newest reading of each probe of a wave.
func (m *Memory) Observations(ctx context.Context, wave string) iter.Seq2[Observation, error] {
	return func(yield func(Observation, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(Observation{}, fmt.Errorf("observations of wave %s: %w", wave, err))
			return
		}
		for _, body := range m.newest(wave) {
			var o Observation
			err := json.Unmarshal(body, &o)
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}

// newest takes a snapshot, so that nothing is locked while a reader works.
func (m *Memory) newest(wave string) [][]byte {
	m.mu.RLock()
	defer m.mu.RUnlock()
	ids := make([]ProbeID, 0, len(m.waves[wave]))
	for id := range m.waves[wave] {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, ProbeID.Compare)
	bodies := make([][]byte, len(ids))
	for i, id := range ids {
		r := m.waves[wave][id]
		bodies[i] = r[len(r)-1].body
	}
	return bodies
}
