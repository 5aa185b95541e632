// resolved.go writes a config with everything filled in, and names its run.

package experiments

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"go.yaml.in/yaml/v3"
)

// YAML returns the resolved config. It reads back to the same config.
func (c *Config) YAML() []byte {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(c); err != nil {
		panic("experiments: " + err.Error())
	}
	return b.Bytes()
}

// Hash identifies the resolved config: 8 hexadecimal digits.
func (c *Config) Hash() string {
	sum := sha256.Sum256(c.YAML())
	return hex.EncodeToString(sum[:4])
}
