package web

import (
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web/driver"
)

func TestIdentityOfAPersona(t *testing.T) {
	for _, c := range []struct {
		who    probes.Persona
		device string
		want   driver.Identity
	}{
		{probes.Persona{Language: "en", Country: "GB"}, "", driver.Identity{Language: "en-GB", TimeZone: "Europe/London"}},
		{probes.Persona{Language: "de-AT", Country: "AT", Device: "mobile"}, "", driver.Identity{Mobile: true, Language: "de-AT", TimeZone: "Europe/Vienna"}},
		{probes.Persona{Language: "de", Country: "CH", Timezone: "Europe/Berlin", Device: "mobile"}, "desktop", driver.Identity{Language: "de-CH", TimeZone: "Europe/Berlin"}},
		{probes.Persona{Language: "zh-Hant", Country: "TW"}, "mobile", driver.Identity{Mobile: true, Language: "zh-Hant", TimeZone: "Asia/Taipei"}},
		{probes.Persona{}, "", driver.Identity{}},
	} {
		if got := identityOf(c.who, c.device); got != c.want {
			t.Errorf("%+v on %q: got %+v, want %+v", c.who, c.device, got, c.want)
		}
	}
	for country, zone := range zones {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf("%s: %v", country, err)
		}
	}
}

func TestAVisitOnATelephoneSaysSo(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{"/": `<meta name=viewport content="width=device-width"><a href=/there>Go</a><p id=p></p><script>p.textContent=navigator.userAgentData.mobile+' '+innerWidth+' '+Intl.DateTimeFormat().resolvedOptions().timeZone</script>`, "/there": "there"})
	r := shopping(t, s, `[{"open":"/"},{"read":{"css":"#p","fact":"who"}},{"click":{"role":"link","name":"Go"}},{"expect":{"url":"/there"}}]`, func(t *probes.Task) {
		t.Persona = probes.Persona{Language: "de", Country: "DE", Device: "mobile"}
	})
	want(t, r, evidence.Completed, "")
	for _, f := range []struct{ name, want string }{
		{"custom.read", "true 412 Europe/Berlin"}, {"web.visitor", "mobile 412×915, de-DE, Europe/Berlin"}, {"web.browser", shared.o.Path[strings.LastIndex(shared.o.Path, "/")+1:]},
	} {
		if got, ok := r.Fact(f.name); !ok || !strings.HasPrefix(got.Text, f.want) {
			t.Errorf("%s is %q, want %q", f.name, got.Text, f.want)
		}
	}
}
