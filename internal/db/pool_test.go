package db

import "testing"

func TestPlain(t *testing.T) {
	for q, want := range map[string]string{
		`SELECT 1`:                         `SELECT 1`,
		`VALUES ($1, $2), ($3, $4)`:        `VALUES (?, ?), (?, ?)`,
		`SELECT '$1, it''s $2' WHERE a=$1`: `SELECT '$1, it''s $2' WHERE a=?`,
		`a = $2 AND b = $1`:                `a = $2 AND b = $1`,
		`a = $1 AND b = $1`:                `a = $1 AND b = $1`,
		`VALUES (` + List(1, 12) + `)`:     `VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		`a = $1 AND b = $22`:               `a = $1 AND b = $22`,
		`a = $11`:                          `a = $11`,
	} {
		if got := plain(q); got != want {
			t.Errorf("%s: %s, want %s", q, got, want)
		}
	}
}
