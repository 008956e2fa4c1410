package evidence_test

import (
	"testing"

	"touchstone/internal/evidence"
	"touchstone/internal/evidence/evidencetest"
)

func TestMemory(t *testing.T) {
	evidencetest.Run(t, func(t *testing.T) evidencetest.Harness {
		m := evidence.NewMemory()
		return evidencetest.Harness{Store: m, Damage: func(_ *testing.T, ref evidence.Ref) { m.Damage(ref) }}
	})
}

func TestRefValid(t *testing.T) {
	good := evidence.RefOf(nil)
	if !good.Valid() {
		t.Errorf("%s is called invalid", good)
	}
	for _, bad := range []evidence.Ref{"", "ab", "../../../etc/passwd", good + "0", good[:63] + "/", good[:63] + "A"} {
		if bad.Valid() {
			t.Errorf("%q is called valid", bad)
		}
	}
}
