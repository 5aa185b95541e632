package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents lists the Markdown files of the project.
func documents(t *testing.T) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "bin", "runs", "testdata"}, d.Name()):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".md"):
			out = append(out, path)
		}
		return nil
	})
	if err != nil || len(out) < 8 {
		t.Fatalf("%d documents: %v", len(out), err)
	}
	return out
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.*)$`)
)

// deadLinks lists the links that lead nowhere in the text of a document in dir, and
// counts the links that it followed, which are those to files and headings.
func deadLinks(dir, text string) (out []string, followed int) {
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		path, anchor, _ := strings.Cut(m[1], "#")
		if strings.Contains(path, "://") || strings.HasPrefix(path, "mailto:") {
			continue
		}
		followed++
		target := text
		if path != "" {
			info, err := os.Stat(filepath.Join(dir, path))
			if err != nil {
				out = append(out, m[1])
				continue
			}
			if anchor == "" || info.IsDir() {
				continue
			}
			data, err := os.ReadFile(filepath.Join(dir, path))
			if err != nil {
				out = append(out, m[1])
				continue
			}
			target = string(data)
		}
		if anchor != "" && !slices.Contains(anchors(target), anchor) {
			out = append(out, m[1])
		}
	}
	return out, followed
}

// anchors lists the anchors of a document's headings, as GitHub makes them.
func anchors(text string) []string {
	var out []string
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		a := strings.ToLower(strings.TrimSpace(m[1]))
		a = regexp.MustCompile(`[^\p{L}\p{N}\p{M} _-]`).ReplaceAllString(a, "")
		a = strings.ReplaceAll(a, " ", "-")
		again := 0
		for _, b := range out {
			if b == a || regexp.MustCompile("^"+regexp.QuoteMeta(a)+"-[0-9]+$").MatchString(b) {
				again++
			}
		}
		if again > 0 {
			a = fmt.Sprintf("%s-%d", a, again)
		}
		out = append(out, a)
	}
	return out
}

func TestLinks(t *testing.T) {
	all := 0
	for _, path := range documents(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		wrong, followed := deadLinks(filepath.Dir(path), string(text))
		for _, l := range wrong {
			t.Errorf("%s: the link %s leads nowhere", path, l)
		}
		all += followed
	}
	if all < 50 {
		t.Errorf("%d links followed, want at least 50", all)
	}
	wrong, _ := deadLinks("../..", "# A b\n# A b\n[](README.md) [](nope.md) [](#a-b-1) [](#a-b-2) [](README.md#nope) [](https://nope)")
	if !slices.Equal(wrong, []string{"nope.md", "#a-b-2", "README.md#nope"}) {
		t.Errorf("the check sees %v", wrong)
	}
}

// shown lists the command lines of runexp that a document shows, in code blocks
// and in code type, as arguments.
func shown(t *testing.T, text string) [][]string {
	t.Helper()
	text = strings.ReplaceAll(text, "\\\n", " ")
	var out [][]string
	for _, m := range regexp.MustCompile("(?m)^(?:    |\\$ |[ ]{2})?(?:bin/)?runexp ([^\n`|]*)$|`(?:bin/)?runexp ([^`\n]+)`").FindAllStringSubmatch(text, -1) {
		line := m[1] + m[2]
		if i := strings.Index(line, "# "); i >= 0 {
			line = line[:i]
		}
		words := words(strings.NewReplacer("...", "", "[KIND]", "KIND", "[KIND|THEOREM]", "KIND").Replace(line))
		if len(words) == 0 {
			t.Errorf("%s: no command line", line)
			continue
		}
		out = append(out, words)
	}
	return out
}

// words splits a command line as a shell does, up to where another command or
// file begins.
func words(line string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`'([^']*)'|"([^"]*)"|([^\s'"<>|&;]+)|([<>|&;])`).FindAllStringSubmatch(line, -1) {
		if m[4] != "" {
			break
		}
		out = append(out, m[1]+m[2]+m[3])
	}
	return out
}

// unknown says what is wrong with a command line: a command or flag that does not
// exist, or more than one config. It returns "" if nothing is.
func unknown(args []string) string {
	root := rootCommand(nil, io.Discard, io.Discard)
	cmd, rest, err := root.Find(args)
	if err != nil {
		return err.Error()
	}
	cmd.InitDefaultHelpFlag()
	if err := cmd.ParseFlags(rest); err != nil {
		return err.Error()
	}
	positional := cmd.Flags().Args()
	if cmd == root && len(positional) > 0 && regexp.MustCompile(`^[a-z]+$`).MatchString(positional[0]) {
		return "no command " + positional[0]
	}
	if cmd == root && len(positional) > 1 {
		return "more than one config"
	}
	return ""
}

// Every command line of runexp in the documents and the help names commands and flags
// that exist.
func TestCommandLinesInDocuments(t *testing.T) {
	texts := map[string]string{}
	for _, path := range documents(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(text)
	}
	root := rootCommand(nil, io.Discard, io.Discard)
	for _, c := range append(root.Commands(), root) {
		texts[c.Name()+" --help"] = c.Example + "\n" + c.Long
	}
	all := 0
	for path, text := range texts {
		for _, args := range shown(t, text) {
			if why := unknown(args); why != "" {
				t.Errorf("%s: runexp %s: %s", path, strings.Join(args, " "), why)
			}
			all++
		}
	}
	if all < 40 {
		t.Errorf("%d command lines, want at least 40", all)
	}
	if got := words(`a.yaml --set 'x=[1, 2]' > f`); !slices.Equal(got, []string{"a.yaml", "--set", "x=[1, 2]"}) {
		t.Errorf("split into %q", got)
	}
	for line, ok := range map[string]bool{"a.yaml --set x=1": true, "a.yaml --sets x=1": false, "vaildate a.yaml": false, "validate a.yaml --quiet": false, "a.yaml b.yaml": false} {
		if (unknown(strings.Fields(line)) == "") != ok {
			t.Errorf("runexp %s: the check says %q", line, unknown(strings.Fields(line)))
		}
	}
}
