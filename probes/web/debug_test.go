package web

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"touchstone/internal/highstreet"
	"touchstone/internal/highstreet/side"
	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

func TestDebugView(t *testing.T) {
	base := os.Getenv("BASE")
	if base == "" {
		t.Skip()
	}
	if id := os.Getenv("SIDE"); id != "" {
		street, _ := side.Open(t.Context(), nil, id)
		base = street.Shop(id).URL
	} else if base == "high" {
		street, _ := highstreet.Open(t.Context(), highstreet.Options{})
		base = street.URLs[os.Getenv("ID")]
	}
	d, err := shared.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tab, _ := d.NewTab(t.Context(), driver.TabOptions{})
	defer tab.Close()
	if err := tab.Page().Navigate(t.Context(), base+os.Getenv("AT")); err != nil {
		t.Fatal(err)
	}
	tab.Page().Quiet(t.Context(), drawing)
	v, err := tab.Page().View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := find.Study(v)
	for _, b := range v.Blocks {
		fmt.Printf("%-7s h%d f%v y%.0f s%v %s\n", b.Area, b.Level, b.Folded, b.Y, b.Struck, b.Text)
	}
	for i, c := range v.Controls {
		fmt.Printf("%3d %-7s %-8s %q href=%s hint=%q hidden=%v op=%d form=%d item=%d sub=%v %v\n", c.Ref, c.Area, c.Role, c.Name, c.Href, c.Hint, c.Hidden, c.Opener, c.Form, c.Item, c.Submits, p.Labels[i])
	}
	j, _ := json.Marshal(v.Items)
	fmt.Println(string(j))
	j, _ = json.Marshal(v.Forms)
	fmt.Println(string(j))
	j, _ = json.Marshal(v.Data)
	fmt.Println(string(j))
	pr, ok := find.ProductOf(p)
	fmt.Printf("%+v %v %v front %v took %.0f\n", pr, ok, p.Titles, v.Front, v.Took)
	fmt.Printf("%+v\n", find.BasketOf(p))
}
