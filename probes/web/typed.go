package web

import "strings"

// typing is what the customer has typed so far, by what it was for.
type typing struct {
	seen    map[[2]string]map[string]bool // purpose and value -> the fields that took it
	values  int
	again   int
	account bool // a password was among it
}

// take notes a value. A field is another one in another view, even where it
// has the same name: who types it again types it again.
func (t *typing) take(purpose, value, field string) {
	if strings.TrimSpace(value) == "" {
		return
	}
	t.values++
	t.account = t.account || purpose == "password"
	if purpose == "" {
		return
	}
	key := [2]string{purpose, strings.ToLower(strings.TrimSpace(value))}
	switch fields := t.seen[key]; {
	case fields == nil:
		t.seen[key] = map[string]bool{field: true}
	case !fields[field]:
		fields[field] = true
		t.again++
	}
}
