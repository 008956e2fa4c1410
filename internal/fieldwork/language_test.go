package fieldwork

import (
	"encoding/json"
	"testing"
)

// A letter is composed once more from the stored plan when it is due: the
// site's language, which chooses the text, must still be there.
func TestPlanKeepsTheLanguage(t *testing.T) {
	p := testPlan(t, func(in *PlanInput) { in.Project.Sites[0].Language = "de-AT" })
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var stored Plan
	if err := json.Unmarshal(data, &stored); err != nil {
		t.Fatal(err)
	}
	if got := stored.Site("alpha").Site.Language; got != "de-AT" {
		t.Errorf("the stored plan has the language %q", got)
	}
}
