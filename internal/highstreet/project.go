package highstreet

import (
	"embed"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"
)

//go:embed project
var project embed.FS

// A listing is what the sites file says of a shop.
type listing struct{ Site, Name, Cohort, URL, Email, Zone, Language string }

// listing describes a shop. Its published address is its desk's, where it has
// one.
func (s *Street) listing(shop *shop) listing {
	l := listing{Site: shop.site, Name: shop.name, Cohort: "competitor", URL: s.URLs[shop.site], Email: shop.email, Zone: "Europe/London", Language: "en"}
	if d := s.office.deskOf(shop.site); d != nil {
		l.Email = d.published()
	}
	if shop.site == "kettle-and-leaf" {
		l.Cohort = "own"
	}
	if shop.german {
		l.Zone, l.Language = "Europe/Berlin", "de"
	}
	return l
}

// Project writes the files of an audit of the street into dir: the project,
// its sites, those of the side street by themselves where it is open, the authority of its mail servers and the visits to the shop. The
// scenarios by mail and the scorecards are those that are shipped; the caller
// adds them. Files that are there are overwritten: the ports are new each time.
func (s *Street) Project(dir string) error {
	data := struct {
		*Street
		SMTPPort, IMAPPort, Variable string
		Shops                        []listing
		Wait                         time.Duration // window of what waits for mail
		Grace, Watch                 time.Duration // of newsletters that were left
	}{Street: s, Variable: PasswordVariable, Wait: s.Window(window), Grace: s.Window(newsGrace), Watch: s.Window(newsWatch)}
	_, data.SMTPPort, _ = net.SplitHostPort(s.SMTPAddr)
	_, data.IMAPPort, _ = net.SplitHostPort(s.IMAPAddr)
	for _, shop := range s.shops {
		data.Shops = append(data.Shops, s.listing(shop))
	}
	write := func(name string, content []byte) error {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return os.WriteFile(path, content, 0o644)
	}
	err := fs.WalkDir(project, "project", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || s.Side == nil && path == "project/side-street.yaml" {
			return err
		}
		source, err := project.ReadFile(path)
		if err != nil {
			return err
		}
		// Scenarios hold ${…} of their own; [[ ]] is ours.
		t, err := template.New(path).Delims("[[", "]]").Option("missingkey=error").Parse(string(source))
		if err != nil {
			return err
		}
		var b strings.Builder
		if err := t.Execute(&b, data); err != nil {
			return err
		}
		return write(strings.TrimPrefix(path, "project/"), []byte(b.String()))
	})
	if err == nil {
		err = write("street-ca.pem", s.CAPEM)
	}
	if err != nil {
		return fmt.Errorf("write the street's project into %s (is the folder writable?): %w", dir, err)
	}
	return nil
}
