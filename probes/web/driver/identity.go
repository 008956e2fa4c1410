package driver

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	goruntime "runtime"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"golang.org/x/text/language"
)

// An Identity is how a visitor's browser presents itself: a stock Chrome's, of
// the running version, on a desktop or a telephone, set to a language and a
// time zone. That is all of it: nothing else about the browser is changed or
// hidden, navigator.webdriver included, which says to every page that asks
// that a program drives.
type Identity struct {
	Mobile   bool   // a telephone with Android; else a desktop of this machine's system
	Language string // BCP 47; empty: English
	TimeZone string // IANA name; empty: the machine's
}

// The windows of the two devices: the desktop's is the browser's own (--window-size)
// where that has no frame, the telephone's that of a common middle-sized Android
// model.
const (
	desktopWidth, desktopHeight            = 1280, 800
	mobileWidth, mobileHeight              = 412, 915
	mobileScale                            = 2.625
	mobileModel, mobileSystem, touchPoints = "Pixel 8", "15.0.0", 5
)

// String gives the identity for a method box: "desktop 1280×800, en-GB, Europe/London".
func (i Identity) String() string {
	s := fmt.Sprintf("desktop %d×%d", desktopWidth, desktopHeight)
	if i.Mobile {
		s = fmt.Sprintf("mobile %d×%d", mobileWidth, mobileHeight)
	}
	s += ", " + i.locale()
	if i.TimeZone != "" {
		s += ", " + i.TimeZone
	}
	return s
}

func (i Identity) locale() string {
	if i.Language == "" {
		return "en"
	}
	return i.Language
}

// accepted are the languages that a browser set to a locale asks for: itself
// and what it is a variety of.
func (i Identity) accepted() string {
	if base, _, regional := strings.Cut(i.locale(), "-"); regional {
		return i.locale() + "," + base
	}
	return i.locale()
}

// agent is what is said of the browser in User-Agent, in the client hints and
// in navigator.userAgentData, in the reduced form of stock Chrome.
func (i Identity) agent(version string) emulation.SetUserAgentOverrideParams {
	major, _, _ := strings.Cut(version, ".")
	system, platform := "X11; Linux x86_64", "Linux x86_64"
	hints := emulation.UserAgentMetadata{
		Brands: brands(major, major), FullVersionList: brands(major, version),
		Platform: "Linux", Architecture: "x86", Bitness: "64", FormFactors: []string{"Desktop"},
	}
	if goruntime.GOARCH == "arm64" {
		hints.Architecture = "arm"
	}
	mobile := ""
	switch {
	case i.Mobile:
		system, platform, mobile = "Linux; Android 10; K", "Linux armv81", "Mobile "
		hints = emulation.UserAgentMetadata{
			Brands: hints.Brands, FullVersionList: hints.FullVersionList,
			Platform: "Android", PlatformVersion: mobileSystem, Model: mobileModel, Mobile: true, FormFactors: []string{"Mobile"},
		}
	case goruntime.GOOS == "darwin":
		system, platform, hints.Platform = "Macintosh; Intel Mac OS X 10_15_7", "MacIntel", "macOS"
	case goruntime.GOOS == "windows":
		system, platform, hints.Platform = "Windows NT 10.0; Win64; x64", "Win32", "Windows"
	}
	return emulation.SetUserAgentOverrideParams{
		UserAgent:         fmt.Sprintf("Mozilla/5.0 (%s) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%s.0.0.0 %sSafari/537.36", system, major, mobile),
		AcceptLanguage:    i.accepted(),
		Platform:          platform,
		UserAgentMetadata: &hints,
	}
}

// agentFlag sets the agent for what no page's override reaches: the scripts of
// shared and service workers. It is empty when the program does not say its
// version.
func (i Identity) agentFlag(ctx context.Context, program string) string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	said, err := exec.CommandContext(ctx, program, "--version").Output()
	version := regexp.MustCompile(`\d+(\.\d+){3}`).FindString(string(said))
	if err != nil || version == "" {
		return ""
	}
	return "--user-agent=" + i.agent(version).UserAgent
}

// brands lists what a stock Chrome of that version calls itself: Chromium,
// Google Chrome, and a name that means nothing, each time another one, in an
// order that changes with the version ("GREASE", W3C User-Agent Client Hints,
// section 6.2; the scheme is Chromium's own).
func brands(major, version string) []*emulation.UserAgentBrandVersion {
	seed, _ := strconv.Atoi(major) // 0 for a version that is none
	signs := []string{" ", "(", ":", "-", ".", "/", ")", ";", "=", "?", "_"}
	places := [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}
	nothing := []string{"8", "99", "24"}[seed%3]
	if version != major {
		nothing += ".0.0.0"
	}
	list := make([]*emulation.UserAgentBrandVersion, 3)
	for k, brand := range []*emulation.UserAgentBrandVersion{
		{Brand: "Not" + signs[seed%len(signs)] + "A" + signs[(seed+1)%len(signs)] + "Brand", Version: nothing},
		{Brand: "Chromium", Version: version},
		{Brand: "Google Chrome", Version: version},
	} {
		list[places[seed%len(places)][k]] = brand
	}
	return list
}

// A command is one message to a target.
type command struct {
	method string
	params any
}

// commands make a page what the identity says. What is said of the agent holds
// for workers too; the rest is of pages alone. A framed browser's pages are smaller
// than its window.
func (i Identity) commands(version string, framed bool) []command {
	list := []command{{"Emulation.setUserAgentOverride", i.agent(version)}}
	if tag, err := language.Parse(i.locale()); err == nil {
		list = append(list, command{"Emulation.setLocaleOverride", emulation.SetLocaleOverrideParams{Locale: tag.String()}})
	}
	if i.TimeZone != "" {
		list = append(list, command{"Emulation.setTimezoneOverride", emulation.SetTimezoneOverrideParams{TimezoneID: i.TimeZone}})
	}
	switch {
	case i.Mobile:
		list = append(list,
			command{"Emulation.setDeviceMetricsOverride", emulation.SetDeviceMetricsOverrideParams{
				Width: mobileWidth, Height: mobileHeight, ScreenWidth: mobileWidth, ScreenHeight: mobileHeight, DeviceScaleFactor: mobileScale, Mobile: true,
				ScreenOrientation: &emulation.ScreenOrientation{Type: emulation.ScreenOrientationTypePortraitPrimary}}},
			command{"Emulation.setTouchEmulationEnabled", emulation.SetTouchEmulationEnabledParams{Enabled: true, MaxTouchPoints: touchPoints}},
		)
	case framed:
		list = append(list, command{"Emulation.setDeviceMetricsOverride", emulation.SetDeviceMetricsOverrideParams{Width: desktopWidth, Height: desktopHeight}})
	}
	return list
}

// inForce reports whether an error of such a command says that the process of
// the page has it already, from the page that opened this one; or it is one that
// older browsers do not know, whose sockets open before they have their brakes.
func inForce(method, message string) bool {
	return method == network.CommandEmulateNetworkConditionsByRule || (method == "Emulation.setLocaleOverride" || method == "Emulation.setTimezoneOverride") && strings.Contains(message, "already in effect")
}
