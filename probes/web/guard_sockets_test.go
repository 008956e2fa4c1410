package web

import (
	"crypto/sha1" //nolint:gosec // for the handshake of sockets
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"touchstone/internal/evidence"
)

// What customers tell sockets passes: words, bytes and Blobs, of pages, frames
// and workers, several at once, and the first word in one breath with the opening.
func TestSocketsOfCustomersPass(t *testing.T) {
	chat := `<p id=ID></p><script>{const s=new WebSocket('ws://'+parent.location.host+'/chat');s.onopen=()=>s.send(SAID);s.onmessage=()=>document.getElementById('ID').textContent+='heard by ID'}</script>`
	replaced := func(id, said string) string { return strings.NewReplacer("ID", id, "SAID", said).Replace(chat) }
	s := serve(t, map[string]string{
		"/": replaced("words", `'{"action":"hello"}'`) + replaced("bytes", `new TextEncoder().encode('how long does it take?')`) + replaced("blob", `new Blob(['the order of 3 May'])`) +
			`<iframe src=/frame></iframe><p id=w></p><script>new Worker(URL.createObjectURL(new Blob(['const s=new WebSocket("ws://'+location.host+'/chat");s.onopen=()=>s.send(new Blob(["hello"]));s.onmessage=()=>postMessage(1)']))).onmessage=()=>w.textContent='heard by a worker'</script>`,
		"/frame": replaced("frame", `'hello'`),
	})
	inner := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/chat" {
			inner.ServeHTTP(w, r)
			return
		}
		conn, rw, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // as RFC 6455 has it
		fmt.Fprintf(rw, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", base64.StdEncoding.EncodeToString(sum[:]))
		rw.Flush()
		if _, err := rw.ReadByte(); err == nil { // the first of what is said
			fmt.Fprint(rw, "\x81\x05heard")
			rw.Flush()
		}
		<-r.Context().Done()
	})
	r := shopping(t, s, `[{"open":"/"},{"expect":{"text":"heard by words"}},{"expect":{"text":"heard by bytes"}},{"expect":{"text":"heard by blob"}},{"expect":{"text":"heard by frame"}},{"expect":{"text":"heard by a worker"}}]`)
	want(t, r, evidence.Completed, "")
}
