// Package realmail starts Dovecot and Exim for tests: the servers that real
// shops and real shoppers use, on loopback, as an ordinary user, gone when the
// test ends. What the mail probe is told by servers of our own making, it is
// told here by theirs.
//
// Exim takes mail from two accounts and delivers it to Dovecot. At ShopDomain
// it refuses "refused", acknowledges automatically what comes to "auto", and
// for a name without a mailbox it takes the mail, has it refused by Dovecot,
// and sends a bounce. Mail for the shopper with "X-Spam-Flag: YES" goes to the
// folder Junk. Whatever stands after a plus in a name is left to the reader.
package realmail

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	_ "embed" // the configurations
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"text/template"
	"time"
)

// Variable names the environment variable that holds the folder with both
// servers, as scripts/mailservers prints it. Without it, tests skip.
const Variable = "TOUCHSTONE_MAILSERVERS"

// The accounts, all with one password. Shopper and Desk may send; each has a
// mailbox, and so have the other names at ShopDomain.
const (
	Host          = "127.0.0.1"
	Password      = "tea-4-two"
	ShopperDomain = "shopper.test"
	ShopDomain    = "shop.test"
	Shopper       = "shopper" // @ShopperDomain
	Desk          = "desk"    // @ShopDomain
	Silent        = "silent"  // @ShopDomain
	Auto          = "auto"    // @ShopDomain
)

//go:embed dovecot.conf
var dovecotConf string

//go:embed exim.conf
var eximConf string

// patience bounds every wait for a server.
const patience = 15 * time.Second

// Servers are one Dovecot and one Exim.
type Servers struct {
	Submission, Submissions int            // Exim's ports: with STARTTLS, and TLS from the first byte
	IMAP, IMAPS             int            // Dovecot's, likewise
	Roots                   *x509.CertPool // holds the one certificate that both show
	CAPEM                   []byte         // the same
	Introspection           string         // where Dovecot asks about tokens; empty: it takes none

	root, dir     string
	owner         owner
	dovecot, exim *process
}

// An owner is whom the servers run as.
type owner struct {
	User, Group string
	UID, GID    int
}

// Start starts both servers and waits until they answer. They are stopped when
// the test ends, and their logs shown if it failed.
func Start(t testing.TB) *Servers {
	t.Helper()
	return StartOAuth(t, "")
}

// StartOAuth is Start with a Dovecot that takes access tokens as well: it asks
// about each at the address introspection, to which it adds the token.
func StartOAuth(t testing.TB, introspection string) *Servers {
	t.Helper()
	root := os.Getenv(Variable)
	if root == "" {
		t.Skip(Variable + " is not set: nothing was tried with Dovecot and Exim")
	}
	s, err := open(root, introspection)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			s.stop()
			t.Log(logs(s.dir))
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Open starts both servers from the folder that Variable names, and waits until
// they answer.
func Open(root string) (*Servers, error) { return open(root, "") }

func open(root, introspection string) (*Servers, error) {
	who, err := runner()
	if err != nil {
		return nil, err
	}
	s := &Servers{Introspection: introspection, root: root, owner: who}
	// Ports are free when they are picked and may be taken when they are used.
	for range 5 {
		if err = s.start(); err == nil {
			return s, nil
		}
		var end gone
		if !errors.As(err, &end) {
			break
		}
	}
	return nil, fmt.Errorf("the mail servers do not start: %w", err)
}

// Close stops both servers and removes what they kept.
func (s *Servers) Close() error {
	s.stop()
	return await("the servers' folder to be removed", func() error { return os.RemoveAll(s.dir) })
}

func (s *Servers) start() (err error) {
	// A short path, since the names of sockets are bounded, and one that the
	// owner may enter, since a test's own folder belongs to the tester.
	if s.dir, err = os.MkdirTemp("", "realmail"); err != nil {
		return err
	}
	s.dovecot, s.exim = nil, nil
	dir := s.dir
	defer func() {
		if err != nil {
			s.stop()
			err = fmt.Errorf("%w\n%s", err, logs(dir))
			_ = os.RemoveAll(dir)
		}
	}()
	ports, err := freePorts(4)
	if err != nil {
		return err
	}
	s.Submission, s.Submissions, s.IMAP, s.IMAPS = ports[0], ports[1], ports[2], ports[3]
	if err := s.write(); err != nil {
		return err
	}
	lib := strings.Join(append([]string{filepath.Join(s.root, "usr/lib/dovecot"), filepath.Join(s.root, "usr/lib/dovecot/modules/old-stats")}, s.glob("usr/lib/*-linux-gnu*")...), ":")
	// Dovecot would start doveconf by the path where it is installed, and be
	// started again by it: here it is the other way round.
	dovecot := filepath.Join(s.root, "usr/sbin/dovecot")
	s.dovecot, err = startProcess(s.owner, []string{"LD_LIBRARY_PATH=" + lib}, filepath.Join(s.root, "usr/bin/doveconf"),
		"-f", "service=master", "-c", s.path("dovecot.conf"), "-m", "master", "-p", "-x", "-e", dovecot, "-F", "-c", s.path("dovecot.conf"))
	if err != nil {
		return err
	}
	env := []string{"LD_LIBRARY_PATH=" + lib}
	if wrapper := s.glob("usr/lib/*/libnss_wrapper.so"); len(wrapper) > 0 {
		env = append(env, "LD_PRELOAD="+wrapper[0], "NSS_WRAPPER_PASSWD="+s.path("passwd"), "NSS_WRAPPER_GROUP="+s.path("group"))
	}
	s.exim, err = startProcess(s.owner, env, filepath.Join(s.root, "usr/sbin/exim4"), "-C", s.path("exim.conf"), "-bdf", "-q5s")
	if err != nil {
		return err
	}
	return s.ready()
}

func (s *Servers) path(name string) string { return filepath.Join(s.dir, name) }

func (s *Servers) glob(pattern string) []string {
	found, _ := filepath.Glob(filepath.Join(s.root, pattern)) // errs on a bad pattern alone
	return found
}

// write lays out the servers' folder.
func (s *Servers) write() error {
	cert, key, err := certificate()
	if err != nil {
		return err
	}
	s.Roots = x509.NewCertPool()
	s.Roots.AppendCertsFromPEM(cert)
	s.CAPEM = cert
	with := struct {
		*Servers
		owner
		Root, Dir, Host, Password, ShopperDomain, ShopDomain, Shopper, Desk string
	}{s, s.owner, s.root, s.dir, Host, Password, ShopperDomain, ShopDomain, Shopper, Desk}
	files := map[string][]byte{
		"cert.pem": cert, "key.pem": key,
		// whom Exim was built to run as is whoever runs it
		"passwd": fmt.Appendf(nil, "Debian-exim:x:%d:%d::/nonexistent:/bin/false\n", s.owner.UID, s.owner.GID),
		"group":  fmt.Appendf(nil, "Debian-exim:x:%d:\n", s.owner.GID),
	}
	if s.Introspection != "" {
		files["oauth2.conf"] = fmt.Appendf(nil, "introspection_url = %s\nintrospection_mode = get\nusername_attribute = username\nactive_attribute = active\nactive_value = true\nscope = mail\n", s.Introspection)
	}
	for _, name := range []string{Shopper, Desk, Silent, Auto} {
		files["users"] = fmt.Appendf(files["users"], "%s:{PLAIN}%s::::::\n", name, Password)
	}
	for name, text := range map[string]string{"dovecot.conf": dovecotConf, "exim.conf": eximConf} {
		t, err := template.New(name).Delims("[[", "]]").Parse(text) // braces are Exim's own
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := t.Execute(&b, with); err != nil {
			return err
		}
		files[name] = b.Bytes()
	}
	for _, name := range []string{"", "run", "state", "log", "mail", "home", "spool"} {
		if err := os.MkdirAll(s.path(name), 0o700); err != nil {
			return err
		}
		if err := os.Chown(s.path(name), s.owner.UID, s.owner.GID); err != nil {
			return err
		}
	}
	// scripts/mailservers made Dovecot look for its modules where it works.
	if err := os.Symlink(filepath.Join(s.root, "usr/lib/dovecot/modules"), s.path("run/modules")); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(s.path(name), data, 0o600); err != nil {
			return err
		}
		if err := os.Chown(s.path(name), s.owner.UID, s.owner.GID); err != nil {
			return err
		}
	}
	return nil
}

// ready waits until each port greets.
func (s *Servers) ready() error {
	for _, p := range []struct {
		port     int
		tls      bool
		greeting string
	}{{s.Submission, false, "220 "}, {s.Submissions, true, "220 "}, {s.IMAP, false, "* OK"}, {s.IMAPS, true, "* OK"}} {
		err := await(fmt.Sprintf("port %d to greet", p.port), func() error {
			for _, server := range []*process{s.dovecot, s.exim} {
				if err := server.ended(); err != nil {
					return gone{err}
				}
			}
			return s.greets(p.port, p.tls, p.greeting)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Servers) greets(port int, withTLS bool, want string) error {
	conn, err := net.DialTimeout("tcp", net.JoinHostPort(Host, strconv.Itoa(port)), patience)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if withTLS {
		conn = tls.Client(conn, &tls.Config{ServerName: Host, RootCAs: s.Roots})
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err == nil && !strings.HasPrefix(line, want) {
		return fmt.Errorf("greeted with %q, want %q", line, want)
	}
	return err
}

// gone is an error after which waiting is of no use.
type gone struct{ error }

// await tries until it works.
func await(what string, try func() error) error {
	deadline, tick := time.After(patience), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for {
		err := try()
		var end gone
		if err == nil || errors.As(err, &end) {
			return err
		}
		select {
		case <-tick.C:
		case <-deadline:
			return fmt.Errorf("waited %v for %s: %w", patience, what, err)
		}
	}
}

func (s *Servers) stop() {
	for _, p := range []*process{s.exim, s.dovecot} {
		if p != nil {
			p.stop()
		}
	}
	s.exim, s.dovecot = nil, nil
}

// Fill puts n messages into the inbox of a user that nobody has opened yet, as
// if they had been delivered and listed by a mail program: each is what message
// gives for its number, from 0, with LF line ends.
func (s *Servers) Fill(t testing.TB, user string, n int, message func(i int) []byte) {
	t.Helper()
	dir := filepath.Join(s.dir, "mail", user)
	for _, name := range []string{"", "cur", "new", "tmp"} {
		if err := errors.Join(os.Mkdir(filepath.Join(dir, name), 0o700), os.Chown(filepath.Join(dir, name), s.owner.UID, s.owner.GID)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		raw := message(i)
		// with its sizes in its name, as Dovecot itself names what it delivers
		name := filepath.Join(dir, "cur", fmt.Sprintf("%d.M%07dP1.realmail,S=%d,W=%d:2,", 1_700_000_000+i, i, len(raw), len(raw)+bytes.Count(raw, []byte("\n"))))
		if err := errors.Join(os.WriteFile(name, raw, 0o600), os.Chown(name, s.owner.UID, s.owner.GID)); err != nil {
			t.Fatal(err)
		}
	}
}

// KillSessions kills every IMAP session as a crash would, and tells how many
// there were. The server itself goes on.
func (s *Servers) KillSessions() (int, error) { return s.dovecot.killChildren("imap") }

// IMAPTime gives the processor time that the IMAP server has used so far, to
// some hundredths of a second.
func (s *Servers) IMAPTime() (time.Duration, error) { return s.dovecot.cpu() }

// A process is one server with all the processes that it starts.
type process struct {
	cmd    *exec.Cmd
	output bytes.Buffer // read after done only
	done   chan struct{}
	err    error // why it ended; read after done only
}

func startProcess(who owner, env []string, name string, args ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(context.Background(), name, args...), done: make(chan struct{})}
	p.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "TZ=" + os.Getenv("TZ")}, env...)
	p.cmd.Dir = "/"
	p.cmd.Stdout, p.cmd.Stderr = &p.output, &p.output
	p.cmd.WaitDelay = time.Second // for the output, should a child outlive its parent
	if err := setOwner(p.cmd, who); err != nil {
		return nil, err
	}
	started := make(chan error)
	go runAttached(p.cmd, started, func(err error) {
		p.err = err
		close(p.done)
	})
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return p, nil
}

// ended gives why the process ended, nil while it runs.
func (p *process) ended() error {
	select {
	case <-p.done:
		return fmt.Errorf("%s ended (%w): %s", filepath.Base(p.cmd.Path), errors.Join(p.err, errors.New("it should run")), p.output.String())
	default:
		return nil
	}
}

// stop asks the server to end, then ends what is left of it.
func (p *process) stop() {
	p.terminate()
	select {
	case <-p.done:
	case <-time.After(patience):
	}
	p.killGroup()
	<-p.done
}

// logs gives what the servers wrote.
func logs(dir string) string {
	var b strings.Builder
	files, _ := filepath.Glob(filepath.Join(dir, "log", "*")) // errs on a bad pattern alone
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			text = []byte(err.Error())
		}
		fmt.Fprintf(&b, "--- %s\n%s", filepath.Base(f), text)
	}
	return b.String()
}

// freePorts gives n ports on which nobody listened just now.
func freePorts(n int) (ports []int, err error) {
	for range n {
		l, err := net.Listen("tcp", net.JoinHostPort(Host, "0"))
		if err != nil {
			return nil, err
		}
		defer l.Close() // together, so that they differ
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// certificate makes one for Host that vouches for itself, as PEM.
func certificate() (cert, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: Host}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		IPAddresses: []net.IP{net.ParseIP(Host)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return nil, nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), nil
}
