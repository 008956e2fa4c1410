package evidence

import "bytes"

// Damage flips one bit of stored bytes, or adds a byte to none.
func (m *Memory) Damage(ref Ref) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data := append(bytes.Clone(m.blobs[ref]), 0)
	if n := len(data) - 1; n > 0 {
		data = data[:n]
		data[n/2] ^= 1
	}
	m.blobs[ref] = data
}
