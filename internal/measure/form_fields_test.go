package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFormFields(t *testing.T) {
	folder := t.TempDir()
	page := `<form><label>Vorname <input data-manual-scoring="firstName"></label><label>Firma <input data-manual-scoring="unknown"></label>
		<input type="checkbox" data-manual-scoring="unknown" aria-label="Farbe"><label>Ort <input data-manual-scoring="addressCity"></label>
		<label>E-Mail <input data-manual-scoring="username OR emailAddress"></label><label>Straße <input data-manual-scoring="phone"></label></form>
		<script>document.querySelector('form').remove()</script>`
	if err := os.WriteFile(filepath.Join(folder, "a.html"), []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	// The tick box is left out, the street has a wrong label, the PLZ is not there.
	got := measured(t, "form-fields", write(t, "manifest.jsonl",
		`{"file":"a.html","fields":[{"tag":"input","label":"firstName"},{"tag":"input","label":"unknown"},{"tag":"input","label":"addressCity"},{"tag":"input","label":"username OR emailAddress"},{"tag":"input","label":"phone"},{"tag":"input","label":"addressPostalCode"}]}`,
		`{"file":"lost.html","fields":[{"label":"phone"}]}`), folder)
	if got["n"] != 7. || got["accuracy"] != .5714 || got["missing"] != 2. {
		t.Errorf("%v", got)
	}
	if c := got["confusion"].(map[string]any)["phone"].(map[string]any); c["street"] != 1. || c["missing"] != 1. {
		t.Errorf("%v", c)
	}
}
