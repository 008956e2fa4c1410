package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"touchstone/internal/highstreet/side"
	"touchstone/probes"
	"touchstone/probes/web"
)

// ownBrowser opens a browser for visits to shops of our own, and gives what
// closes it. distance is the time kept between two acts at one of them.
func ownBrowser(distance time.Duration) (*web.Browser, func(), error) {
	tmp, err := os.MkdirTemp("", "measure-")
	if err != nil {
		return nil, nil, fmt.Errorf("a folder for the browser's profile: %w", err)
	}
	passwords := map[string]string{}
	for id, c := range side.Customers() {
		passwords[id] = c.Password
	}
	b, err := web.Open(web.Options{TempDir: tmp, Distance: distance, Passwords: passwords})
	if err != nil {
		_ = os.RemoveAll(tmp)
		return nil, nil, err
	}
	return b, func() { _ = b.Close(); _ = os.RemoveAll(tmp) }, nil
}

// customer is one who lives where a shop is, by its IANA time zone.
func customer(zone string) probes.Persona {
	p := probes.Persona{Given: "Anna", Family: "Whitlock", Phone: "+44 20 7946 0143", Street: "7 Assayers Row", Postcode: "SE1 9ZZ", City: "London", Country: "GB", Language: "en"}
	switch {
	case strings.HasSuffix(zone, "Berlin"):
		p = probes.Persona{Given: "Jonas", Family: "Feldmann", Phone: "+49 30 23125 417", Street: "Am Prüfstein 12", Postcode: "10115", City: "Berlin", Country: "DE", Language: "de"}
	case strings.HasSuffix(zone, "Paris"):
		p = probes.Persona{Given: "Claire", Family: "Vasseur", Phone: "+33 1 99 00 28 14", Street: "3 rue de la Pierre de Touche", Postcode: "69002", City: "Lyon", Country: "FR", Language: "fr"}
	case strings.HasSuffix(zone, "Tokyo"):
		p = probes.Persona{Given: "花子", Family: "試金", Sound: "シキン ハナコ", Phone: "03-5550-0142", Street: "試金町1-2-3", Postcode: "100-0001", City: "千代田区", State: "東京都", Country: "JP", Language: "ja"}
	case strings.HasPrefix(zone, "America/"):
		p = probes.Persona{Given: "George", Family: "Okafor", Phone: "+1 212 555 0142", Street: "12 Assay Street", Postcode: "10001", City: "New York", State: "New York", Country: "US", Language: "en"}
	}
	p.Email = "probe+measure@touchstone.example"
	return p
}
