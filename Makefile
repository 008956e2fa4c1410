# What each target holds, and how long it may take: CONTRIBUTING.md.

BIN    ?= bin/touchstone
PREFIX ?= /usr/local
OUT    ?= demo
# Set VERSION to stamp a release; else the program names the commit.
VERSION ?=

LINT_VERSION := v2.15.0
LINT := bin/tools/golangci-lint-$(LINT_VERSION)

# The race detector's last second of sleep in every test program is left out, and
# so is its eye on packages that only compute on what they are handed and start
# no goroutine: pictures, compression, sums, expressions, YAML, its schemas, HTML,
# matrices, SQLite's translated C. Watched, they take two thirds of the tests' time.
# None that synchronises by itself may be among them, as encoding/json does: it
# would seem to race.
UNWATCHED := image/... compress/... hash/... regexp/... gopkg.in/yaml.v3 github.com/santhosh-tekuri/... golang.org/x/net/html/... gonum.org/... touchstone/reports/thumb modernc.org/...
TEST := GORACE=atexit_sleep_ms=0 go test -race -timeout 15m $(UNWATCHED:%=-gcflags=%=-race=false)

.DEFAULT_GOAL := help
.PHONY: help setup build install assets check test test-full crash bench browsers coverage demo golden clean
.NOTPARALLEL: # setup comes before what needs it; go uses every core by itself

help: ## print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## install what building, testing and the demo need
	@scripts/setup

build: ## build the program into BIN=bin/touchstone
	@scripts/setup assets || echo "building without the script files: reports get static charts" >&2
	@mkdir -p "$(dir $(BIN))"
	go build -trimpath -ldflags "-X main.release=$(VERSION)" -o "$(BIN)" ./cmd/touchstone

install: build ## build, and copy the program to PREFIX=/usr/local
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 "$(BIN)" "$(DESTDIR)$(PREFIX)/bin/touchstone"

assets: ## fetch the script files that a build embeds
	@scripts/setup assets

check: setup $(LINT) ## format, vet, lint, tidy, generated files fresh; tree clean where CI=true
	@unformatted=$$(gofmt -l cmd internal probes reports scenarios scoring); \
		if [ -n "$$unformatted" ]; then echo "not formatted, run gofmt -w:" $$unformatted >&2; exit 1; fi
	go vet ./...
	$(LINT) run ./...
	go mod tidy -diff
	@state() { git status --porcelain; git diff HEAD | git hash-object --stdin; }; \
		before=$$(state); go generate ./...; \
		if [ "$$before" != "$$(state)" ]; then echo "generated files were stale; they are fresh now, commit them:" >&2; git status --short >&2; exit 1; fi
	@if [ "$$CI" = true ] && [ -n "$$(git status --porcelain)" ]; then echo "the tree is not clean:" >&2; git status --short >&2; exit 1; fi

# A tutorial's whole wave at the pace of its shops, one whose mailbox drops, and
# goals at whole shops: what takes longest goes with make test-full.
LONG := ^(TestTutorial|TestGoalsOnPlatforms|TestDoingsOnTheSideStreet|TestDemoWithAMailboxThatDrops)$$

# The two that take longest begin first.
test: setup ## install what the tests need; unit and browser tests with the race detector, CLI stories, goldens
	$(TEST) -skip '$(LONG)' ./cmd/touchstone ./probes/web ./...

# Packages whose tests hold these words.
packages = $$(git grep -lF '$(1)' -- '*_test.go' | xargs -n 1 dirname | sort -u | sed 's|^|./|')

# What make test leaves out, and no more. The labelled data is read without the
# race detector: much work and one goroutine.
test-full: setup ## what make test leaves out: a tutorial's wave and whole shops, labelled data of TOUCHSTONE_CORPORA, real mail servers, R, a short crash suite
	$(TEST) -run '$(LONG)' ./cmd/touchstone ./probes/web
	@[ -n "$$TOUCHSTONE_CORPORA" ] || echo "TOUCHSTONE_CORPORA is not set: nothing is measured on labelled data" >&2
	go test -timeout 15m $(call packages,TOUCHSTONE_CORPORA)
	@servers=$${TOUCHSTONE_MAILSERVERS:-$$(scripts/mailservers)} || echo "nothing is tried with Dovecot and Exim" >&2; \
		TOUCHSTONE_MAILSERVERS="$$servers" $(TEST) -count=1 -run '^TestReal' $(call packages,realmail.Start(t)) && \
		TOUCHSTONE_MAILSERVERS="$$servers" go run ./internal/crash -short
	@rscript=$${TOUCHSTONE_RSCRIPT:-$$(scripts/rscript)} || echo "nothing is compared with R" >&2; \
		TOUCHSTONE_RSCRIPT="$$rscript" go test -timeout 5m -count=1 -run '^TestAgainstR$$' $(call packages,TOUCHSTONE_RSCRIPT)

KILLS ?= 300
crash: setup ## kill the program and fail its disk and lines at every step, and KILLS=300 times at random; count what was sent twice, lost, doubled
	@servers=$${TOUCHSTONE_MAILSERVERS:-$$(scripts/mailservers)} || echo "nothing is tried with Dovecot and Exim" >&2; \
		TOUCHSTONE_MAILSERVERS="$$servers" go run ./internal/crash -kills $(KILLS) $(ARGS)

bench: setup ## run the benchmarks, and the driver beside Playwright's, Puppeteer's and the browser's own work (ARGS="-rounds 3")
	@scripts/setup peers
	go test -run '^$$' -bench . -benchmem ./...
	go run ./internal/peers $(ARGS)

browsers: setup ## run the web probe's tests in each browser that is here, with sites isolated and not
	@scripts/setup peers
	@for b in /usr/lib/chromium/chromium-headless-shell /usr/lib/chromium/chromium; do for isolation in off on; do \
		if [ -x $$b ]; then echo "$$b, isolation $$isolation"; \
		TOUCHSTONE_BROWSER=$$b TOUCHSTONE_ISOLATION=$$isolation go test -count=1 -timeout 25m ./probes/web/... || exit 1; fi; done; done

coverage: ## simulate how often the intervals hold the truth, into docs/coverage.md; some minutes
	@mkdir -p bin
	go run ./internal/coverage scoring/stat/testdata/coverage-*.json > bin/coverage.md
	mv bin/coverage.md docs/coverage.md

demo: setup build ## install what is missing, build, run the demo, say where the report is (OUT=demo)
	"$(BIN)" demo --out "$(OUT)" $(ARGS)

golden: ## rewrite the golden files; look at git diff before you commit
	go test $$(git grep -lF '"update", false' -- '*_test.go' | xargs -n 1 dirname | sort -u | sed 's|^|./|') -update
	@git status --short

clean: ## remove what was built
	rm -rf bin demo

# Built once a version, with the Go that builds the program.
$(LINT):
	@mkdir -p bin/tools
	GOBIN="$(CURDIR)/bin/tools" GOFLAGS= go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv bin/tools/golangci-lint "$@"
