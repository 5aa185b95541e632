# Targets for people; .ci/run calls some of them.

GO ?= go
BIN := bin/runexp
# The revision goes into every manifest.
BUILD := $(GO) build -buildvcs=auto

.PHONY: build test race lint generate bench run ci-claims baseline reproduce findings clean

build:
	$(BUILD) -o $(BIN) ./cmd/runexp

test:
	$(GO) test ./...

race:
	$(GO) test -race -short -timeout 20m ./cmd/... ./experiments/... ./sim ./internal/... # the packages that run things at once

# Fails on a file that gofmt would change, on vet's findings, and on a go.mod
# that is not tidy.
lint:
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	$(GO) vet ./...
	GOARCH=arm64 $(GO) vet ./...
	$(GO) vet -tags noasm ./...
	$(GO) mod tidy -diff

# Writes the generated kernels anew.
generate:
	$(GO) generate ./internal/...

bench:
	$(GO) test -run '^$$' -bench . -benchmem -count 10 ./internal/... ./sim/...

# The main job.
run: build
	$(BIN) configs/gaussian_sweep.yaml

# The claims that gate a change.
ci-claims: build
	$(BIN) configs/ci.yaml

# Blesses what configs/ci.yaml finds now; read the change before committing it.
baseline: build
	rm -rf results/runs/ci
	$(BIN) configs/ci.yaml --quiet --out results/runs/ci
	$(BIN) baseline results/runs/ci

# Every config, from nothing, and one summary of every claim: about eight minutes
# on 2 cores. A refuted (1) or inconclusive (4) claim is a result; anything else
# ends it.
REPRODUCED := results/runs/reproduce
reproduce: build
	rm -rf $(REPRODUCED)
	@set -e; for c in configs/*.yaml; do \
		echo "== $$c"; code=0; \
		$(BIN) $$c --quiet --out $(REPRODUCED)/$$(basename $$c .yaml) || code=$$?; \
		case $$code in 0|1|4) ;; *) exit $$code ;; esac; \
	done
	$(BIN) summary $(REPRODUCED)/* --out results/runs/summary

# Takes over what reproduce found into docs: the numbers that tests hold README.md
# and docs/findings.md against, and their figures.
findings:
	cp results/runs/summary.json docs/findings.json
	cp $(REPRODUCED)/gaussian_sweep/figures/error_vs_width.png docs/figures/gaussian_sweep_error_vs_width.png
	for f in bounds_network:bound_vs_width adversarial:error_vs_width bits:bits_vs_width fresh:test_error_vs_width depth:error_vs_layers; do \
		cp $(REPRODUCED)/$${f%%:*}/figures/$${f##*:}.png docs/figures/$${f%%:*}_$${f##*:}.png; done

clean:
	rm -rf bin results/runs
