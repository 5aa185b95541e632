package config

import (
	"fmt"
	"testing"
)

func TestSet(t *testing.T) {
	doc, err := Parse("test.yaml", []byte(sample(t, "small")),
		[]string{"network.width=[8, 24]", "methods.0.align=none", "data.source=uniform", "claims=[]", `about="a: b"`})
	if err != nil {
		t.Fatal(err)
	}
	s := doc.Spec
	if got := fmt.Sprint(s.At("network.width"), s.At("methods.0.align"), s.At("data.source"), len(s.Claims), s.About); got != "[8 24] [none] [uniform] 0a: b" {
		t.Errorf("set to %s", got)
	}
}
