// key.go names records by what determines them.

package results

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// Versions of the programs that decide what a record's numbers are.
type Versions struct {
	Algorithm int `json:"algorithm_version"` // raised when a change moves a result beyond the order of sums
	Streams   int `json:"stream_version"`    // raised when a change moves a random draw
}

func (v Versions) text() string {
	return "algorithm=" + strconv.Itoa(v.Algorithm) + " streams=" + strconv.Itoa(v.Streams)
}

// KeyText is what a part of an identity contributes to the record keys that it is
// part of: its columns and their values, but for columns that are at the value
// that all records had before the column was there. So a new column changes no key
// of a record that could be made without it.
func KeyText(id *Identity, part Part) string {
	var b strings.Builder
	for _, c := range columnsOf(identityType) {
		if c.part() != part {
			continue
		}
		a := AxisOf(c.Name)
		text := c.Text(id)
		if a.Added > 0 && text == a.Before {
			continue
		}
		b.WriteString(c.Name + "=" + a.former(text) + " ")
	}
	return b.String()
}

// A Keyer makes the record keys of one setting or variant after another, from the
// texts of their parts.
type Keyer struct {
	Setting, Variant string // KeyText of the parts
	Draw             Draw
	Versions         Versions
}

// KeyerOf returns the keyer of an identity.
func KeyerOf(id *Identity, v Versions) Keyer {
	return Keyer{KeyText(id, OfSetting), KeyText(id, OfVariant), id.Draw, v}
}

// Record returns the key of the record. A certified record has what another
// lacks: the two have different keys.
func (k Keyer) Record(certified bool) string {
	if certified {
		return k.digest("certified record ", "")
	}
	return k.digest("record ", "")
}

// Search returns the key of the search within a factor.
func (k Keyer) Search(factor Num) string {
	return k.digest("search ", "factor="+factor.String()+" ")
}

// SettingKey returns the key of the setting alone, for reading.
func (k Keyer) SettingKey() string {
	return digest(k.Setting, "seed="+strconv.FormatUint(k.Draw.Seed, 10)+" ", k.Versions.text())
}

func (k Keyer) digest(kind, factor string) string {
	return digest(kind, k.Setting, "seed="+strconv.FormatUint(k.Draw.Seed, 10)+" ", k.Variant, factor,
		"trial="+strconv.Itoa(k.Draw.Trial)+" ", k.Versions.text())
}

// digest is a hash of 64 bits: among the n records of a run two have the same one
// with probability n²/2⁶⁵, 3·10⁻⁸ for a million.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:8])
}
