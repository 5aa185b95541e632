// Command asm writes the assembly of the kernels: products (package gemm),
// rounding along the path (package round) and normal draws (package rng). It is
// a module of its own so that avo is no dependency of the program. Run it with
// go generate in the folder of a package.
package main

import (
	"flag"
	"log"

	. "github.com/mmcloughlin/avo/build"
)

func main() {
	what := flag.String("write", "", "whose assembly: gemm, round or rng")
	flag.Parse()
	ConstraintExpr("!noasm")
	switch *what {
	case "gemm":
		writeTiles()
	case "round":
		for _, v := range vectors {
			writeRows(v)
		}
	case "rng":
		for _, v := range vectors {
			writeNormals(v)
		}
	default:
		log.Fatalf("-write %q: want gemm, round or rng", *what)
	}
	Generate()
}
