package driver

import (
	"fmt"
	"strings"
	"testing"
)

func TestSnapshot(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `<header><a href=/help>Help</a></header><nav aria-label=Shop><ul><li><a href=/tea><img alt=Tea src=x></a></ul></nav>
		<main><h2>Your <b>order</b></h2><p>Two <em>pots</em> and<br>a lid</p><div hidden>unseen</div><span aria-hidden=true>★</span>
		<label>E-mail <input type=email required value=a@b.example aria-invalid=true></label><label>Password <input type=password value=hush></label>
		<label><input type=checkbox checked> Terms</label><select aria-label=Country><option>France<option selected>Spain</select><button disabled aria-expanded=false>Pay</button>
		<x-box></x-box><iframe title=Card srcdoc="<label>Number <input autocomplete=cc-number value=4242></label>"></iframe></main>
		<script>document.querySelector('x-box').attachShadow({mode:'open'}).innerHTML = '<button>Inside</button>'</script>`}, TabOptions{})
	if err := p.See(t.Context(), Locator{Label: "Number"}, 0); err != nil {
		t.Fatal(err)
	}
	_, nodes, err := p.Snapshot(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, n := range nodes {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%d %s %q %q %v %s", n.Depth, n.Role, n.Name, n.Value, n.States, n.Text)))
	}
	got := strings.Join(lines, "\n")
	for _, line := range []string{
		`0 banner "" "" []`, `1 link "Help" "" []`, `0 navigation "Shop" "" []`, `3 link "Tea" "" []`, `1 heading "Your order" "" [level=2]`, `1  "" "" [] Two pots and`, `1  "" "" [] a lid`,
		`1 textbox "E-mail" "a@b.example" [required invalid]`, `1 textbox "Password" "•" []`, `1 checkbox "Terms" "" [checked]`, `1 combobox "Country" "Spain" []`, `1 button "Pay" "" [disabled collapsed]`,
		`1 button "Inside" "" []`, `1 iframe "Card" "" []`, `0 document "" "" []`, `1 textbox "Number" "•" []`,
	} {
		if !strings.Contains(got+"\n", line+"\n") {
			t.Errorf("no %s in\n%s", line, got)
		}
	}
	for _, word := range []string{"unseen", "★", "hush", "4242"} {
		if strings.Contains(got, word) {
			t.Errorf("%q is in\n%s", word, got)
		}
	}
	if _, nodes, err := p.Snapshot(t.Context(), 3); err != nil || len(nodes) > 7 {
		t.Errorf("%d nodes of two frames, %v", len(nodes), err)
	}
}
