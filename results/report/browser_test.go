// browser_test.go examines report.html in Chromium without a window, on machines
// that have it.

package report

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed testdata/check.js
var checkJS string

// browser starts Chromium and returns its context. Without Chromium the test is
// skipped, or fails if CI is "true".
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("no Chromium, which CI=true demands")
		}
		t.Skip("no Chromium on this machine")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// A tab shows one page and keeps a list of the faults seen while it does.
type tab struct {
	context.Context
	mu     sync.Mutex
	faults []string
}

// fault adds a fault to the list. The browser's events call it concurrently.
func (tab *tab) fault(format string, args ...any) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.faults = append(tab.faults, fmt.Sprintf(format, args...))
}

// open writes a page to a file and opens that in a new tab. Output on the console,
// exceptions and requests of the page are faults.
func open(t *testing.T, ctx context.Context, page []byte) *tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), PageFile)
	if err := os.WriteFile(file, page, 0o644); err != nil {
		t.Fatal(err)
	}
	address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
	ctx, stop := chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	tab := &tab{Context: ctx}
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			tab.fault("console: %s", e.Type)
		case *runtime.EventExceptionThrown:
			tab.fault("exception: %s", e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			tab.fault("console: %s", e.Entry.Text)
		case *network.EventRequestWillBeSent:
			if u := e.Request.URL; u != address && !strings.HasPrefix(u, "data:") {
				tab.fault("request: %s", u)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	call(t, tab, network.Enable, network.EnableParams{})
	call(t, tab, log.Enable, cdp.Empty{})
	tab.do(t, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(address))
	evaluate[int](t, tab, checkJS+"; window.check = check; 0")
	return tab
}

// do runs actions in the tab.
func (tab *tab) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(tab, actions...); err != nil {
		t.Fatal(err)
	}
}

// call runs a command of the browser's protocol.
func call[P, R any](t *testing.T, tab *tab, command cdp.Command[P, R], params P) {
	t.Helper()
	if _, err := chromedp.Call(tab, command, params); err != nil {
		t.Fatal(err)
	}
}

// evaluate returns the value of a JavaScript expression in the page.
func evaluate[T any](t *testing.T, tab *tab, expression string) T {
	t.Helper()
	v, err := chromedp.Run(tab, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// mouse moves the mouse to a point, in CSS pixels of the window.
func (tab *tab) mouse(t *testing.T, x, y float64) {
	t.Helper()
	tab.do(t, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
}

// scheme sets the theme that the browser prefers, light or dark.
func (tab *tab) scheme(t *testing.T, name string) {
	t.Helper()
	call(t, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
}

// check calls a function of check.js that lists faults, and adds them to the list
// with where before each.
func (tab *tab) check(t *testing.T, function, where string) {
	t.Helper()
	for _, f := range evaluate[[]string](t, tab, "check."+function) {
		tab.fault("%s%s", where, f)
	}
}

// examine opens a page on screens of several sizes, in both themes and in print, and
// returns all faults.
func examine(t *testing.T, ctx context.Context, page []byte) []string {
	t.Helper()
	tab := open(t, ctx, page)
	tab.check(t, "figures()", "")
	tab.check(t, "headings()", "")
	tab.hover(t, page, "")
	tab.keys(t)
	tab.check(t, "tables()", "")

	light := evaluate[string](t, tab, "check.background()")
	tab.check(t, "contrast()", "light: ")
	tab.scheme(t, "dark")
	if evaluate[string](t, tab, "check.background()") == light {
		tab.fault("dark: the background is that of the light theme")
	}
	tab.check(t, "contrast()", "dark: ")
	tab.scheme(t, "light")
	tab.do(t, chromedp.EmulateViewport(375, 812, chromedp.EmulateMobile))
	tab.check(t, "overflow()", "phone: ")
	tab.check(t, "figures()", "phone: ")
	tab.hover(t, page, "phone: ")
	tab.do(t, chromedp.EmulateViewport(1280, 900))
	tab.check(t, "overflow()", "desktop: ")

	call(t, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	tab.do(t, chromedp.EmulateViewport(720, 1000)) // A4 without its margins
	tab.check(t, "overflow()", "print: ")

	tab.mu.Lock()
	defer tab.mu.Unlock()
	return tab.faults
}

var pointTitle = regexp.MustCompile(`<g class="point [^>]*><title>([^<]*)</title>`)

// hover moves the mouse onto three points and away. Their values are to show and to
// vanish.
func (tab *tab) hover(t *testing.T, page []byte, where string) {
	t.Helper()
	values := pointTitle.FindAllSubmatch(page, -1)
	if len(values) == 0 {
		tab.fault("%shover: no point has a value", where)
		return
	}
	for _, k := range []int{0, len(values) / 2, len(values) - 1} {
		at := evaluate[[]float64](t, tab, fmt.Sprintf("check.point(%d)", k))
		tab.mouse(t, at[0], at[1])
		want := html.UnescapeString(string(values[k][1]))
		if tip := evaluate[string](t, tab, "check.tip()"); !slices.Contains(strings.Split(tip, "\n\n"), want) {
			tab.fault("%shover: point %d shows %q, want %q", where, k, tip, want)
		}
		tab.mouse(t, 2, 2)
		if tip := evaluate[string](t, tab, "check.tip()"); tip != "" {
			tab.fault("%shover: %q stays", where, tip)
		}
	}
}

// keys goes to the first head of a table with the keyboard, and sorts the table by
// it.
func (tab *tab) keys(t *testing.T) {
	t.Helper()
	if n := evaluate[string](t, tab, `String(document.querySelectorAll("table.sortable thead button").length)`); n == "0" {
		tab.fault("keyboard: no sort button")
		return
	}
	for range 40 {
		tab.do(t, chromedp.KeyEvent(kb.Tab))
		if evaluate[string](t, tab, `String(document.activeElement.matches("table.sortable thead button"))`) == "true" {
			break
		}
	}
	state := `(document.activeElement.closest("th") || document.body).getAttribute("aria-sort") || "not a head"`
	if outline := evaluate[string](t, tab, "getComputedStyle(document.activeElement).outlineStyle"); outline == "none" {
		tab.fault("keyboard: the focus cannot be seen")
	}
	for _, press := range []struct{ key, want string }{{kb.Enter, "ascending"}, {" ", "descending"}} {
		tab.do(t, chromedp.KeyEvent(press.key))
		if got := evaluate[string](t, tab, state); got != press.want {
			tab.fault("keyboard: aria-sort is %s, want %s", got, press.want)
		}
	}
}

// pages returns the pages of two runs: one that has everything a page can show, and
// one that has failures and missing trials.
func pages(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for name, run := range map[string]Run{"full": fullRun(), "small": unfinishedRun()} {
		all[name] = pageOf(t, run)
	}
	return all
}

// The pages have no faults.
func TestPageInBrowser(t *testing.T) {
	ctx := browser(t)
	for name, page := range pages(t) {
		t.Run(name, func(t *testing.T) {
			for _, f := range examine(t, ctx, page) {
				t.Error(f)
			}
		})
	}
}

// The examination finds every kind of fault that it looks for: each is put into a
// page by a replacement of its text, and is to be among the faults found.
func TestBrokenPagesAreSeen(t *testing.T) {
	if testing.Short() {
		t.Skip("some forty seconds")
	}
	ctx := browser(t)
	page := pageOf(t, unfinishedRun())
	policy := regexp.MustCompile(`<meta http-equiv[^>]*>`)
	open := policy.ReplaceAll(page, nil) // a change to the script would not run under the policy
	for name, c := range map[string]struct {
		page     []byte
		old, new string
		want     string
	}{
		"exception":         {open, `"use strict";`, `null.x;`, "exception: "},
		"console":           {open, `"use strict";`, `console.error("x");`, "console: error"},
		"request":           {open, `<main>`, `<main><img alt="" src="http://127.0.0.1:9/x.png">`, "request: http://127.0.0.1:9/x.png"},
		"foreign script":    {page, `<main>`, `<main><script>document.body.remove()</script>`, "console: "},
		"foreign image":     {page, `<main>`, `<main><img alt="" src="http://127.0.0.1:9/x.png">`, "console: "},
		"hidden figures":    {open, `display: block; touch-action`, `display: none; touch-action`, "invisible figure"},
		"points elsewhere":  {open, `transform="translate(`, `transform="translate(-900 0) translate(`, "is not in it"},
		"no alternative":    {open, ` role="img" aria-label="`, ` data-label="`, "a figure without text alternative"},
		"tiny text":         {open, `svg text { font: 11px`, `svg text { font: 5px`, "text of less than 8 pixels"},
		"no caption":        {open, `<caption>`, `<caption hidden></caption><caption>`, "a table without caption"},
		"no scope":          {open, `<th scope="col" aria-sort`, `<th aria-sort`, "a head without scope"},
		"no sort":           {open, `body.append(`, `void (`, "not sorted"},
		"sort as text":      {open, `Number(cell.dataset.key)`, `cell.dataset.key.slice(0, 1)`, "not sorted"},
		"unstable sort":     {open, `rows.sort((a, b) => compare(a.key, b.key, up ? 1 : -1))`, `rows.sort((a, b) => compare(a.key, b.key, 1)); if (!up) rows.reverse()`, "not stable"},
		"missing first":     {open, `return missing(a) - missing(b)`, `return direction * (missing(a) - missing(b))`, "not sorted descending"},
		"no aria-sort":      {open, `head.setAttribute("aria-sort"`, `head.setAttribute("data-sort"`, "aria-sort none"},
		"dead keyboard":     {open, `addEventListener("click"`, `addEventListener("mousedown"`, "keyboard: aria-sort"},
		"invisible focus":   {open, `outline: 3px solid`, `outline: 0 none`, "the focus cannot be seen"},
		"no values":         {open, `<title>`, `<title lang="en">`, "hover: no point has a value"},
		"wrong values":      {open, `title.textContent}`, `"0"}`, "hover: point"},
		"no tip":            {open, `tip.hidden = false`, `tip.hidden = true`, `hover: point 0 shows ""`},
		"tip stays":         {open, `"pointerleave", leave`, `"pointerleave", () => {}`, "stays"},
		"tip out of view":   {open, `tip.style.left = left +`, `tip.style.left = 120 + left +`, `shows "out of view`},
		"wide page":         {open, `<main>`, `<main><div style="width: 500px">x</div>`, "phone: the page is"},
		"tables not in box": {open, `.scroll { overflow: auto;`, `.scroll {`, "phone: the page is"},
		"wide print":        {open, `white-space: normal; min-width: 0`, `white-space: nowrap; min-width: 0`, "print: the page is"},
		"no dark theme":     {open, `prefers-color-scheme: dark`, `prefers-color-scheme: none`, "dark: the background"},
		"dark ink":          {open, `--text: #e3e8ee`, `--text: #333333`, "dark: contrast"},
		"pale ink":          {open, `--muted: #545d68`, `--muted: #b0b0b0`, "light: contrast"},
		"headings":          {open, `<h3`, `<h4`, "a heading of level 4"},
		"nowhere":           {open, `href="#missing"`, `href="#nowhere"`, "no target of #nowhere"},
	} {
		t.Run(name, func(t *testing.T) {
			broken := bytes.ReplaceAll(c.page, []byte(c.old), []byte(c.new))
			if bytes.Equal(broken, c.page) {
				t.Fatalf("the page has no %q", c.old)
			}
			if found := strings.Join(examine(t, ctx, broken), "\n"); !strings.Contains(found, c.want) {
				t.Errorf("found\n%s\nwant %q in it", found, c.want)
			}
		})
	}
}

// Screenshots are written to the folder that REPORT_SCREENSHOTS names, for people to
// look at.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("REPORT_SCREENSHOTS")
	if dir == "" {
		t.Skip("REPORT_SCREENSHOTS names no folder")
	}
	ctx := browser(t)
	for name, page := range pages(t) {
		tab := open(t, ctx, page)
		for _, theme := range []string{"light", "dark"} {
			tab.scheme(t, theme)
			for screen, width := range map[string]int64{"desktop": 1280, "phone": 375} {
				const height = 1500
				tab.do(t, chromedp.EmulateViewport(width, height))
				for part := range 6 {
					evaluate[int](t, tab, fmt.Sprintf("scrollTo(0, %d); 0", part*height))
					png, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
					if err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%s-%s-%d.png", name, screen, theme, part)), png, 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}
