// key.go makes record keys: hashes of what determines records and searches.

package results

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// Versions are the versions of the parts of this program on which the numbers of a
// record depend.
type Versions struct {
	Algorithm int `json:"algorithm_version"` // raised when a change moves a result beyond the order of sums
	Streams   int `json:"stream_version"`    // raised when a change moves a random draw
}

// text returns the versions as record keys contain them.
func (v Versions) text() string {
	return "algorithm=" + strconv.Itoa(v.Algorithm) + " streams=" + strconv.Itoa(v.Streams)
}

// KeyText returns what a part of an identity contributes to record keys: its columns
// with their values. It leaves out a column that is at the value which all records had
// in effect before the column existed (Axis.Before). So a new column changes no key of
// a record that could be made without it.
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

// A Keyer makes record keys from the texts of an identity's parts, so that a plan
// makes the text of each setting and of each variant only once.
type Keyer struct {
	Setting, Variant string // KeyText of these parts
	Draw             Draw
	Versions         Versions
}

// KeyerOf returns the keyer of an identity.
func KeyerOf(id *Identity, v Versions) Keyer {
	return Keyer{KeyText(id, OfSetting), KeyText(id, OfVariant), id.Draw, v}
}

// Record returns the key of the record. A certified record holds measurements that
// an uncertified one lacks, so the two have different keys.
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

// SettingKey returns a hash that names the setting to readers; no record has it.
func (k Keyer) SettingKey() string {
	return digest(k.Setting, "seed="+strconv.FormatUint(k.Draw.Seed, 10)+" ", k.Versions.text())
}

// digest hashes the parts with a kind of row and, for a search, its factor.
func (k Keyer) digest(kind, factor string) string {
	return digest(kind, k.Setting, "seed="+strconv.FormatUint(k.Draw.Seed, 10)+" ", k.Variant, factor,
		"trial="+strconv.Itoa(k.Draw.Trial)+" ", k.Versions.text())
}

// digest returns a hash of 64 bits. The probability that two of the n records of a run
// have the same one is at most n²/2⁶⁵, which is 3·10⁻⁸ for a million.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:8])
}
