package evidence_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"touchstone/internal/evidence"
)

// forms are the ways in which a secret travels, each between two neighbours.
var forms = map[string]func(secret, before, after string) string{
	"raw":    func(s, b, a string) string { return b + s + a },
	"query":  func(s, b, a string) string { return b + url.QueryEscape(s) + a },
	"path":   func(s, b, a string) string { return b + url.PathEscape(s) + a },
	"lower":  func(s, b, a string) string { return b + strings.ToLower(hexed(s)) + a },
	"every":  func(s, b, a string) string { return b + hexed(s) + a },
	"json":   func(s, b, a string) string { return b + quoted(s, true) + a },
	"json 2": func(s, b, a string) string { return b + quoted(s, false) + a },
	"html":   func(s, b, a string) string { return b + html.EscapeString(s) + a },
	"html 2": func(s, b, a string) string { return b + template.HTMLEscapeString(s) + a },
	"std 0":  func(s, _, a string) string { return base64.StdEncoding.EncodeToString([]byte(s + a)) },
	"std 1":  func(s, _, a string) string { return base64.StdEncoding.EncodeToString([]byte("\x00" + s + a)) },
	"std 2":  func(s, _, a string) string { return base64.StdEncoding.EncodeToString([]byte("u\x00" + s + a)) },
	"plain":  func(s, b, _ string) string { return base64.StdEncoding.EncodeToString([]byte("\x00" + b + "\x00" + s)) },
	"url":    func(s, b, a string) string { return base64.URLEncoding.EncodeToString([]byte(b + s + a)) },
	"raw url": func(s, b, a string) string {
		return url.QueryEscape(base64.RawStdEncoding.EncodeToString([]byte(b + s + a)))
	},
	"json base64": func(s, b, a string) string {
		out, _ := json.Marshal(map[string]any{"blob": []byte(b + s + a)})
		return string(out)
	},
}

func hexed(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

func quoted(s string, escapeHTML bool) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(escapeHTML)
	_ = enc.Encode(s)
	out := strings.TrimSuffix(b.String(), "\n")
	return out[1 : len(out)-1]
}

// leaks reports a form of the secret that is still in the text. What base64
// says is read back, so that this check shares nothing with the redactor.
func leaks(secret, text string) (string, bool) {
	for _, piece := range strings.Split(text, "[secret]") {
		for _, view := range []string{piece, unquery(piece), html.UnescapeString(piece), unjson(piece)} {
			if strings.Contains(view, secret) {
				return view, true
			}
			for _, word := range strings.FieldsFunc(view, func(c rune) bool { return !strings.ContainsRune(alphabet, c) }) {
				word = strings.NewReplacer("-", "+", "_", "/").Replace(word)
				for cut := range min(4, len(word)) {
					w := word[cut:]
					for len(w) > 0 {
						if raw, err := base64.RawStdEncoding.DecodeString(w); err == nil {
							if bytes.Contains(raw, []byte(secret)) {
								return view, true
							}
							break
						}
						w = w[:len(w)-1]
					}
				}
			}
		}
	}
	return "", false
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"

func unquery(s string) string {
	if out, err := url.QueryUnescape(s); err == nil {
		return out
	}
	return s
}

func unjson(s string) string {
	var out string
	if json.Unmarshal([]byte(`"`+s+`"`), &out) == nil {
		return out
	}
	return s
}

func FuzzRedactor(f *testing.F) {
	for _, secret := range []string{
		"hunter2!", "p&ss<w>rd\"'", "a/b+c=d?e", "pässwörd", "🔑 key 🔑", `back\slash`, "tab\there", "äöüß", "aaaa",
		"Zm9vYmFy", "%41%42", "&amp;x", "correct horse battery staple", "\x7f\x01\x02\x03", "~*()_.-", "????", ">>>>", "\u2028line",
	} {
		f.Add(secret, "user=", "&next=1")
		f.Add(secret, "aa", "aa")
	}
	f.Fuzz(func(t *testing.T, secret, before, after string) {
		// Shorter ones have a rule, and a test, of their own; a secret found in the
		// mask itself, or around one, is no leak.
		if len(secret) < 4 || len(secret)+len(before)+len(after) > 4000 || !utf8.ValidString(secret) || strings.TrimSpace(secret) == "" || strings.ContainsAny(secret, "\r\n[]") {
			return
		}
		r := evidence.NewRedactor(secret)
		for name, form := range forms {
			text := form(secret, before, after)
			out := r.String(text)
			if !strings.Contains(out, "[secret]") {
				t.Errorf("%s: %q stays in %q", name, secret, text)
			}
			if view, ok := leaks(secret, out); ok {
				t.Errorf("%s: %q is made %q, which still says %q", name, text, out, view)
			}
		}
	})
}

func TestRedactorString(t *testing.T) {
	for _, c := range []struct{ name, secrets, in, want string }{
		{"nothing to hide", "", "a b", "a b"},
		{"no occurrence", "hunter2!", "hunter3!", "hunter3!"},
		{"twice", "hunter2!", "hunter2! hunter2!", "[secret] [secret]"},
		{"auth plain", "tanstaaftanstaaf", "AUTH PLAIN dGltAHRpbQB0YW5zdGFhZnRhbnN0YWFm", "AUTH PLAIN dGltAHRpbQ[secret]"},
		{"base64, neighbours on both sides", "hunter2!", "YWJodW50ZXIyIWNk", "YW[secret]Nk"},
		{"one inside another", "hunter hunter2!", "say hunter2! now", "say [secret] now"},
		{"two that overlap", "abcdef defghi", "xabcdefghix", "x[secret]x"},
		{"mixed escapes", "a&b/c", `a%26b\/c a&amp;b/c`, "[secret] [secret]"},
		{"short, a word", "ab1", "ab1 xab1 ab12 ?p=ab1&q", "[secret] xab1 ab12 ?p=[secret]&q"},
		{"short, no letter", "!!", "a!! !! ", "a!! [secret] "},
		{"other letters around", "äb", "öäb äb", "öäb [secret]"},
		{"case matters", "Hunter2!", "hunter2!", "hunter2!"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := evidence.NewRedactor(strings.Fields(c.secrets)...)
			if got := r.String(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if got := string(r.Bytes([]byte(c.in))); got != c.want {
				t.Errorf("bytes: got %q, want %q", got, c.want)
			}
		})
	}
}

func TestRedactorLines(t *testing.T) {
	const key = "-----BEGIN KEY-----\r\nMIIEvQIBADANBg\r\nkqhkiG9w0BAQEF\r\n-----END KEY-----\n"
	r := evidence.NewRedactor(key, "\n", "   ", "")
	for _, text := range []string{key, quoted(key, true), base64.StdEncoding.EncodeToString([]byte("x" + key))} {
		out := r.String(text)
		for _, line := range strings.Fields(key) {
			if len(line) < 10 {
				continue
			}
			if view, ok := leaks(line, out); ok {
				t.Errorf("%q is made %q, which says %q", text, out, view)
			}
		}
	}
	if got := r.String("    indented"); got != "    indented" {
		t.Errorf("a blank line was taken for a secret: %q", got)
	}
}

func TestRedactorOfBytesThatAreNoText(t *testing.T) {
	const secret = "k\xff\xfe\x80y"
	r := evidence.NewRedactor(secret)
	for _, text := range []string{secret, hexed(secret), quoted(secret, true), base64.StdEncoding.EncodeToString([]byte(secret))} {
		if out := r.String("<" + text + ">"); !strings.Contains(out, "[secret]") {
			t.Errorf("stays in %q", text)
		}
	}
}

func TestRedactorWriter(t *testing.T) {
	const secret = "hunter2!"
	text := "first hunter2!\nsecond " + hexed(secret) + " " + base64.StdEncoding.EncodeToString([]byte("\x00me\x00"+secret)) + "\rlast hunter2!"
	r := evidence.NewRedactor(secret)
	want := r.String(text)
	for i := range len(text) {
		for j := i; j < len(text); j += 7 {
			var out bytes.Buffer
			w := r.Writer(&out)
			for _, part := range []string{text[:i], text[i:j], text[j:]} {
				if n, err := io.WriteString(w, part); n != len(part) || err != nil {
					t.Fatalf("wrote %d of %d: %v", n, len(part), err)
				}
			}
			if strings.Contains(out.String(), "last") {
				t.Fatal("an unfinished line was passed on")
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if out.String() != want {
				t.Fatalf("split at %d and %d: got %q, want %q", i, j, out.String(), want)
			}
		}
	}
}

type config struct {
	User     string
	Password []byte
}

type lazy struct{ s string }

func (l lazy) LogValue() slog.Value { return slog.StringValue(l.s) }

type nilError struct{ s string }

func (e *nilError) Error() string { return e.s }

func TestRedactorHandler(t *testing.T) {
	const secret = "s3cr&t \"word\""
	r := evidence.NewRedactor(secret, "987654321")
	for name, handler := range map[string]func(io.Writer) slog.Handler{
		"text": func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
		"json": func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			log := slog.New(r.Handler(handler(&out))).With("with", secret).WithGroup("g "+secret).With("inner", secret)
			log.Info("said "+secret,
				"key "+secret, 1,
				"string", secret,
				"error", fmt.Errorf("login: %w", errors.New("password "+secret+" refused")),
				"group", slog.GroupValue(slog.String("deep", secret), slog.Group("deeper", "x", secret)),
				"lazy", lazy{secret},
				"bytes", []byte(secret),
				"struct", config{User: secret},
				"pointer", &config{Password: []byte(secret)},
				"map", map[string]any{"a": []string{secret}},
				"url", &url.URL{Scheme: "smtp", Host: "mail.example", User: url.UserPassword("me", secret)},
				"number", 987654321,
				"nil", (*nilError)(nil),
				"kept", 42,
			)
			if view, ok := leaks(secret, out.String()); ok {
				t.Errorf("still says %q", view)
			}
			if strings.Contains(out.String(), "987654321") {
				t.Errorf("the number stays in %s", out.String())
			}
			if n := strings.Count(out.String(), "[secret]"); n < 15 {
				t.Errorf("%d places redacted in %s", n, out.String())
			}
			if name == "json" && !strings.Contains(out.String(), `"kept":42`) {
				t.Errorf("a harmless value has lost its type: %s", out.String())
			}
			out.Reset()
			slog.New(r.Handler(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelWarn}))).Info("below the level")
			if out.Len() > 0 {
				t.Errorf("logged below the level: %s", out.String())
			}
		})
	}
}

func TestRedactorConcurrentAdd(t *testing.T) {
	r := evidence.NewRedactor()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			secret := fmt.Sprintf("secret-%d", i)
			r.Add(secret)
			if out := r.String("x " + secret); out != "x [secret]" {
				t.Errorf("got %q", out)
			}
		})
	}
	wg.Wait()
	var none *evidence.Redactor
	if got := none.String("x"); got != "x" {
		t.Errorf("a nil redactor changes %q", got)
	}
}

func TestCards(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"one run", "card 4242424242424242.", "card ************4242."},
		{"spaces", "4242 4242 4242 4242", "**** **** **** 4242"},
		{"dashes", "4242-4242-4242-4242", "****-****-****-4242"},
		{"american express", "3782 822463 10005", "**** ****** *0005"},
		{"13 digits", "4222222222222", "*********2222"},
		{"19 digits", "6304000000000000000", "***************0000"},
		{"code behind it", "4242 4242 4242 4242 123", "**** **** **** 4242 123"},
		{"a number before it", "12 4242424242424242", "12 ************4242"},
		{"two", "4242424242424242,5555555555554444", "************4242,************4444"},
		{"fails the check", "4242424242424241", "4242424242424241"},
		{"too short", "424242424242", "424242424242"},
		{"20 digits", "42424242424242424242", "42424242424242424242"},
		{"double space", "42424242  42424242", "42424242  42424242"},
		{"mixed parting", "2026-11-22 2026-11-25", "2026-11-22 2026-11-25"},
		{"noughts", "0000000000000000", "0000000000000000"},
		{"none", "né le 22", "né le 22"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := evidence.Cards(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func BenchmarkRedactor(b *testing.B) {
	r := evidence.NewRedactor("hunter2!hunter2!", "correct horse battery staple", "another-secret-0123456789")
	text := strings.Repeat(`{"method":"GET","url":"https://shop.example/a/b/c?q=1","status":200}`+"\n", 1000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		_ = r.String(text)
	}
}
