# Targets for people; .ci/run calls some of them.

GO ?= go
BIN := bin/runexp
# The revision goes into every manifest.
BUILD := $(GO) build -buildvcs=auto

.PHONY: build test race lint generate bench run ci-claims reproduce clean

build:
	$(BUILD) -o $(BIN) ./cmd/runexp

test:
	$(GO) test ./...

race:
	$(GO) test -race -short ./cmd/... ./experiments ./sim ./internal/... # the packages that run things at once

# Fails on a file that gofmt would change, on vet's findings, and on a go.mod
# that is not tidy.
lint:
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	$(GO) vet ./...
	GOARCH=arm64 $(GO) vet ./...
	$(GO) mod tidy -diff

# Writes the generated kernels anew.
generate:
	$(GO) generate ./internal/gemm

bench:
	$(GO) test -run '^$$' -bench . -benchmem -count 10 ./internal/... ./quant ./sim

# The main job.
run: build
	$(BIN) configs/gaussian_sweep.yaml

# The claims that gate a change.
ci-claims: build
	$(BIN) configs/ci.yaml

# Every config, from nothing.
reproduce: build
	set -e; for c in configs/*.yaml; do $(BIN) $$c --out results/runs/reproduce/$$(basename $$c .yaml); done

clean:
	rm -rf bin results/runs
