package reports

import (
	"encoding/json"
	"io"
)

// JSON is the model itself, indented, in a stable order. Pictures are named by
// their address, not included.
func JSON() Format {
	return Format{Name: "json", Extension: ".json", Write: func(w io.Writer, r *Report) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}}
}
