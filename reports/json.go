package reports

import (
	_ "embed"
	"encoding/json"
	"io"
)

// JSONSchema (2020-12) says what JSON writes. The tests make it of the model and
// its comments.
//
//go:embed report.schema.json
var JSONSchema []byte

// JSON is the model itself, indented, in a stable order. Pictures are named by
// their address, not included.
func JSON() Format {
	return Format{Name: "json", Extension: ".json", Write: func(w io.Writer, r *Report) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}}
}
