// latex.go writes tables for LaTeX, ruled by the package booktabs.

package report

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
)

// rowsPerFloat is the number of rows that fit on a page of an article. A longer
// table is continued in further floats, since the package longtable would be one
// more to load.
const rowsPerFloat = 40

// latex writes the table as floats that compile in an article with booktabs.
func (t table) latex(w io.Writer) error {
	cols, rows := t.printed()
	var b strings.Builder
	for first := 0; first < len(rows); first += rowsPerFloat {
		caption, label := t.title, "\\label{tab:"+t.name+"}"
		if first > 0 {
			caption, label = t.title+" (continued)", ""
		}
		b.WriteString("\\begin{table}[htbp]\n\\centering\\scriptsize\\setlength{\\tabcolsep}{3pt}\n")
		fmt.Fprintf(&b, "\\caption{%s}%s\\vspace{4pt}\n", escapeLaTeX(caption), label)
		// A box as wide as the line keeps a wider table in the middle of the page.
		fmt.Fprintf(&b, "\\makebox[\\linewidth]{\\begin{tabular}{@{}%s@{}}\n\\toprule\n", latexColumns(cols))
		for i, c := range cols {
			b.WriteString(separator(i) + latexHead(c))
		}
		b.WriteString(" \\\\\n\\midrule\n")
		for r, row := range rows[first:min(first+rowsPerFloat, len(rows))] {
			if r > 0 && !cols[0].right && row[0] != rows[first+r-1][0] {
				b.WriteString("\\addlinespace\n") // between one variant and the next
			}
			for i, s := range row {
				if cols[i].right {
					s = latexNumber(s)
				} else {
					s = escapeLaTeX(s)
				}
				b.WriteString(separator(i) + s)
			}
			b.WriteString(" \\\\\n")
		}
		b.WriteString("\\bottomrule\n\\end{tabular}}\n")
		if notes := t.remarks(); len(notes) > 0 && first+rowsPerFloat >= len(rows) {
			fmt.Fprintf(&b, "\\par\\medskip\\parbox{\\linewidth}{\\raggedright %s}\n", escapeLaTeX(strings.Join(notes, " ")))
		}
		b.WriteString("\\end{table}\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// separator is what stands before the entry of a column, given its index.
func separator(column int) string {
	if column == 0 {
		return ""
	}
	return " & "
}

// latexColumns is the argument of tabular that describes the columns. A wrapped
// column takes the same fraction of the line as it takes of a console's.
func latexColumns(cols []col) string {
	var b strings.Builder
	for _, c := range cols {
		switch {
		case c.wrap > 0:
			fmt.Fprintf(&b, "p{%.2f\\linewidth}", float64(c.wrap)/consoleWidth)
		case c.right:
			b.WriteString("r")
		default:
			b.WriteString("l")
		}
	}
	return b.String()
}

// latexHead is the head of a column. Above numbers, a head of more than 10
// characters is broken after underscores into lines of at most 10, where the
// underscores allow.
func latexHead(c col) string {
	if len(c.name) <= 10 || !c.right {
		return escapeLaTeX(c.name)
	}
	var lines []string
	for part := range strings.SplitAfterSeq(c.name, "_") {
		if last := len(lines) - 1; last >= 0 && len(lines[last])+len(part) <= 10 {
			lines[last] += part
		} else {
			lines = append(lines, part)
		}
	}
	for i := range lines {
		lines[i] = escapeLaTeX(lines[i])
	}
	return `\begin{tabular}[b]{@{}r@{}}` + strings.Join(lines, ` \\ `) + `\end{tabular}`
}

var exponentForm = regexp.MustCompile(`e(-?\d+)`)

// latexNumber sets a number, or several with an interval, as notation wrote it, in
// math mode.
func latexNumber(s string) string {
	if s == missing {
		return "--"
	}
	s = exponentForm.ReplaceAllString(s, `\cdot 10^{$1}`)
	s = strings.NewReplacer("±", `\pm`, "inf", `\infty`).Replace(s)
	return "$" + s + "$"
}

// escapeLaTeX makes every character of s stand for itself. A character outside
// ASCII becomes its command, if it is in latexText or latexMath, and stays if it is
// an accented Latin letter, which the default encoding has. Any other would stop
// LaTeX, and is written as its code point.
func escapeLaTeX(s string) string {
	var b strings.Builder
	math := "" // commands of math mode that are to be written next, between one pair of dollars
	flush := func() {
		if math != "" {
			b.WriteString("$" + math + "$")
			math = ""
		}
	}
	runes := []rune(s)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if i+1 < len(runes) && runes[i+1] == tilde {
			base := latexMath[r]
			if 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' {
				base = string(r)
			}
			if base != "" {
				math += `\tilde{` + base + "}"
				i++
				continue
			}
		}
		if command := latexMath[r]; command != "" {
			math += command
			continue
		}
		flush()
		switch command := latexText[r]; {
		case command != "":
			b.WriteString(command)
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case r < unicode.MaxASCII && unicode.IsPrint(r), unicode.Is(unicode.Latin, r) && r <= 0x17f:
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "{[}U+%04X]", r)
		}
	}
	flush()
	return b.String()
}

// tilde is the combining tilde of Φ̃, X̃ and W̃.
const tilde = '\u0303'

// latexText has the commands of text mode.
var latexText = map[rune]string{
	'[': `{[}`, '*': `{*}`, // at the start of a row they would belong to the \\ before it
	'\\': `\textbackslash{}`, '{': `\{`, '}': `\}`, '$': `\$`, '&': `\&`, '#': `\#`, '%': `\%`, '_': `\_`,
	'^': `\textasciicircum{}`, '~': `\textasciitilde{}`, '"': `''`,
	'–': `--`, '—': `---`, '…': `\dots{}`, '‘': "`", '’': "'", '“': "``", '”': "''", '\u00a0': `~`,
}

// latexMath has the commands of math mode. They may follow each other in any order,
// as superscripts and subscripts have an empty base of their own.
var latexMath = map[rune]string{
	'α': `\alpha`, 'β': `\beta`, 'γ': `\gamma`, 'δ': `\delta`, 'ε': `\varepsilon`, 'η': `\eta`, 'κ': `\kappa`,
	'λ': `\lambda`, 'μ': `\mu`, 'π': `\pi`, 'ρ': `\rho`, 'σ': `\sigma`, 'τ': `\tau`, 'φ': `\varphi`,
	'Φ': `\Phi`, 'Δ': `\Delta`, 'Σ': `\Sigma`, 'Π': `\Pi`,
	'<': `<`, '>': `>`, '|': `|`, '‖': `\|`, '∞': `\infty`, '√': `\surd`, '±': `\pm`, '·': `\cdot`, '×': `\times`,
	'−': `-`, '≤': `\le`, '≥': `\ge`, '≈': `\approx`, '≪': `\ll`, '≫': `\gg`, '∝': `\propto`, '∈': `\in`, '∼': `\sim`,
	'→': `\to`, '⟨': `\langle`, '⟩': `\rangle`, '⌊': `\lfloor`, '⌋': `\rfloor`, '†': `\dagger`,
	'½': `\frac12`, '¼': `\frac14`, '′': `{}'`, '″': `{}''`,
	'¹': `{}^1`, '²': `{}^2`, '³': `{}^3`, '⁺': `{}^+`, '⁻': `{}^-`, '₀': `{}_0`, '₁': `{}_1`, '₂': `{}_2`, '₃': `{}_3`,
}
