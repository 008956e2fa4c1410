package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
)

// required are the fields that HAR 1.2 asks for in each of its objects, with
// the JSON type of each.
var required = map[string]string{
	"log":      "version:string creator:object entries:array pages:array",
	"creator":  "name:string version:string",
	"page":     "startedDateTime:date id:string title:string pageTimings:object",
	"entry":    "startedDateTime:date time:number request:object response:object cache:object timings:object",
	"request":  "method:string url:string httpVersion:string cookies:array headers:array queryString:array headersSize:number bodySize:number",
	"response": "status:number statusText:string httpVersion:string cookies:array headers:array content:object redirectURL:string headersSize:number bodySize:number",
	"pair":     "name:string value:string",
	"postData": "mimeType:string params:array text:string",
	"content":  "size:number mimeType:string",
	"timings":  "send:number wait:number receive:number blocked:number dns:number connect:number ssl:number",
}

func conforms(t *testing.T, what string, v any) map[string]any {
	t.Helper()
	o, ok := v.(map[string]any)
	if !ok {
		t.Fatalf("%s is %T", what, v)
	}
	for field := range strings.FieldsSeq(required[what]) {
		name, kind, _ := strings.Cut(field, ":")
		value, there := o[name]
		good := false
		switch kind {
		case "string":
			_, good = value.(string)
		case "number":
			_, good = value.(float64)
		case "array":
			_, good = value.([]any)
		case "object":
			_, good = value.(map[string]any)
		case "date":
			s, _ := value.(string)
			_, err := time.Parse(time.RFC3339Nano, s)
			good = err == nil
		}
		if !there || !good {
			t.Errorf("%s: %s is %v, want a %s", what, name, value, kind)
		}
	}
	return o
}

func TestLogIsHAR12(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]string{
		"/": `<title>Start</title><link rel=stylesheet href=/style.css><img src=/gone.png><form method=post action=/said enctype=multipart/form-data><label>Say <input name=say></label><input type=file name=f><button>Send</button></form>
			<a href="/next?page=2&empty=&token=x">Next</a><script>fetch('/plain', {method:'POST', body:'{"a":1}'})</script>`,
		"/next": `->/there`, "/there": `<title>There</title><iframe src=/inner></iframe>`, "/inner": `inside`, "/style.css": `a{}`, "/said": `<title>Said</title>`, "/plain": `ok`,
	})
	r := shopping(t, s, `[{"open":"/"},{"click":{"text":"Next"}},{"open":"/"},{"effect":"submit-form","fill":{"label":"Say","value":"hello"}},{"click":{"role":"button"}}]`, grant(evidence.SubmitForm))
	want(t, r, evidence.Completed, "")
	var har map[string]any
	if err := json.Unmarshal(r.files["network.har"], &har); err != nil {
		t.Fatal(err)
	}
	log := conforms(t, "log", har["log"])
	if log["version"] != "1.2" {
		t.Errorf("version %v", log["version"])
	}
	conforms(t, "creator", log["creator"])
	conforms(t, "creator", log["browser"])
	var titles []string
	pages := map[string]bool{}
	for _, p := range log["pages"].([]any) {
		p := conforms(t, "page", p)
		titles = append(titles, p["title"].(string))
		pages[p["id"].(string)] = true
		for _, name := range []string{"onContentLoad", "onLoad"} {
			if at, _ := p["pageTimings"].(map[string]any)[name].(float64); at <= 0 {
				t.Errorf("%s of %s is %v", name, p["title"], at)
			}
		}
	}
	if got := strings.Join(titles, ", "); got != "Start, There, Start, Said" {
		t.Errorf("pages are %s", got)
	}
	var said []string
	for _, v := range log["entries"].([]any) {
		e := conforms(t, "entry", v)
		req, res := conforms(t, "request", e["request"]), conforms(t, "response", e["response"])
		conforms(t, "content", res["content"])
		times := conforms(t, "timings", e["timings"])
		sum := 0.0
		for name, ms := range times {
			if ms := ms.(float64); ms >= 0 && name != "ssl" {
				sum += ms
			} else if ms < 0 && ms != -1 {
				t.Errorf("%s of %s is %v", name, req["url"], ms)
			}
		}
		if total := e["time"].(float64); total-sum > .01 || sum-total > .01 {
			t.Errorf("%s took %v ms, its parts %v: %v", req["url"], total, sum, times)
		}
		if ref, _ := e["pageref"].(string); !pages[ref] {
			t.Errorf("%s belongs to the page %q, which is none", req["url"], ref)
		}
		for _, list := range []any{req["headers"], req["queryString"], res["headers"]} {
			for _, p := range list.([]any) {
				name := conforms(t, "pair", p)["name"].(string)
				if strings.Contains(strings.ToLower(name), "cookie") || strings.EqualFold(name, "authorization") {
					t.Errorf("header %s is in the log", name)
				}
			}
		}
		line := fmt.Sprint(req["method"], " ", strings.TrimPrefix(req["url"].(string), s.URL), " ", res["status"], " ", req["queryString"])
		if p, ok := req["postData"]; ok {
			post := conforms(t, "postData", p)
			line += fmt.Sprint(" ", post["mimeType"], post["params"])
		}
		said = append(said, strings.ReplaceAll(line, s.URL, ""))
		if e["_resourceType"] == "document" && strings.Contains(line, "/next") && !strings.HasSuffix(res["redirectURL"].(string), "/there") {
			t.Errorf("redirected to %v", res["redirectURL"])
		}
	}
	all := strings.Join(said, "\n")
	for _, line := range []string{
		"GET /next?page=2&empty=&token=(masked) 302 [map[name:page value:2] map[name:empty value:] map[name:token value:(masked)]]",
		"GET /there 200 []", "GET /inner 200 []", "GET /gone.png 404", "POST /plain 200 []\n",
		"POST /said 200 [] multipart/form-data[map[name:f value:] map[name:say value:hello]]",
	} {
		if !strings.Contains(all+"\n", line) {
			t.Errorf("no %q in\n%s", line, all)
		}
	}
}

// A page in a loop fills neither the memory nor the log.
func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	r := newRecord(newMasker())
	for range mostRequests {
		r.requests = append(r.requests, &entry{Request: request{Method: http.MethodGet}})
	}
	s := serve(t, map[string]string{"/": `<script>for (let i = 0; i < 50; i++) fetch('/x' + i)</script>`})
	v := &visit{mask: r.mask, log: r}
	tab := openTab(t, v.log.on)
	if err := tab.Page().Navigate(t.Context(), s.URL); err != nil {
		t.Fatal(err)
	}
	if len(r.requests) != mostRequests || r.more == 0 {
		t.Errorf("%d requests are kept, %d counted", len(r.requests), r.more)
	}
	data, err := r.har("1")
	if err != nil || !strings.Contains(string(data[len(data)-200:]), "more requests were made than are listed") {
		t.Errorf("%v: %s", err, data[len(data)-200:])
	}
}

// openTab opens a page of the shared browser whose events are heard by on.
func openTab(t *testing.T, on func(*driver.Page, any)) *driver.Tab {
	t.Helper()
	d, release, err := shared.engage(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	tab, err := d.NewTab(t.Context(), driver.TabOptions{Timeout: 3 * time.Second, Load: time.Second, On: on})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tab.Close)
	return tab
}
