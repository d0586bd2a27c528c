# Ombud: `make run` starts everything, `make test` checks everything. Both need only Python 3.11 and make.

LAUNCH := .venv/bin/python -m launcher
export PYTHONUTF8 := 1
export PORT ?= 8000
export CONFIRM ?=
COMMENTS ?=
FAULTS ?=
SIZES ?=
SECONDS ?=
REPORTS ?=
LETTERS ?=
RATE ?=
WORKER ?=
FILE ?=
PYTEST ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test lint format main-job bench-feed bench-download bench-community bench-queue bench-claim bench-worker reset bench-intake bench-desk bench-notices bench-enforce bench-terms bench-score bench-backtest

help:
	@echo "make run [PORT=8000]          start Ombud with its own database and a demo hub; Ctrl-C stops it"
	@echo "make test [PYTEST='ARGS']     all checks and tests; with PYTEST only pytest with these arguments"
	@echo "make setup                    only make the environment .venv"
	@echo "make lint                     formatting, lint, templates, types, import contract"
	@echo "make format                   format the code and the templates"
	@echo "make main-job COMMENTS=FILE [FAULTS=1]"
	@echo "                              report, score and queue the comments of FILE on a throwaway database"
	@echo "make bench-download           a file of 200 MB from Ombud and from nginx: time and memory"
	@echo "make bench-feed [SIZES='10000 100000']"
	@echo "                              measure lists, search and feeds of hubs of these sizes (default: up to 1M)"
	@echo "make bench-community [SECONDS=60] [RATE=50] [WORKER=1]"
	@echo "                              pages of a long discussion, and posting at a fixed rate through HTTP"
	@echo "make bench-queue [SIZES='10000 100000']"
	@echo "                              measure every list of the queue with so many cases (default: up to 1M)"
	@echo "make bench-desk [OPEN=100000] pages of the queue and decisions through the API: processor time of each"
	@echo "make bench-claim [SECONDS=20] 32 moderators claim the next case at once, beside a queue that locks and waits"
	@echo "make bench-intake [REPORTS=2000]"
	@echo "                              reports through the API: processor time of each, and what it commits"
	@echo "make bench-notices [LETTERS=4000]"
	@echo "                              letters written and mailed to a server on this machine, and a worker killed"
	@echo "make bench-worker [TEXTS=512] the queue of work a request for scores, and scoring through the database"
	@echo "make bench-enforce            a decision on every way in, and a thousand measures lifted together"
	@echo "make bench-terms [COMMENTS=FILE]"
	@echo "                              ten thousand terms in comments, beside one regular expression of them"
	@echo "make bench-score [FILE=COMMENTS]"
	@echo "                              what scoring a text costs, beside transformers' pipelines and other engines"
	@echo "make bench-backtest [SCORES=1000000]"
	@echo "                              what it takes to try a rule on the past, beside asking the cases one by one"
	@echo "make reset [CONFIRM=yes]      delete the embedded database, to start afresh next time"

setup:
	@sh scripts/setup.sh

run: setup
	@$(LAUNCH) run

test: setup
	@$(LAUNCH) test $(if $(PYTEST),-- $(PYTEST))

lint: setup
	@$(LAUNCH) lint

format: setup
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .
	@.venv/bin/djlint --reformat --quiet templates || true

main-job: setup
	@test -n "$(COMMENTS)" || { echo "Say which comments: make main-job COMMENTS=FILE (CSV or JSON lines)"; exit 2; }
	@test -r "$(COMMENTS)" || { echo "We cannot read the file $(COMMENTS)."; exit 2; }
	@.venv/bin/python -m benchmarks.main_job "$(COMMENTS)" $(if $(filter-out 0,$(FAULTS)),--faults)

bench-download: setup
	@.venv/bin/python -m benchmarks.download

bench-feed: setup
	@.venv/bin/python -m benchmarks.feed $(SIZES)

bench-community: setup
	@.venv/bin/python -m benchmarks.community $(if $(SECONDS),--seconds $(SECONDS)) $(if $(RATE),--rate $(RATE)) $(if $(filter-out 0,$(WORKER)),--worker)

bench-queue: setup
	@.venv/bin/python -m benchmarks.queue $(SIZES)

bench-intake: setup
	@.venv/bin/python -m benchmarks.intake $(if $(REPORTS),--reports $(REPORTS))

bench-desk: setup
	@.venv/bin/python -m benchmarks.desk $(if $(OPEN),--open $(OPEN))

bench-claim: setup
	@.venv/bin/python -m benchmarks.claims $(if $(SECONDS),--seconds $(SECONDS))

bench-worker: setup
	@.venv/bin/python -m benchmarks.worker $(if $(TEXTS),--texts $(TEXTS))

bench-notices: setup
	@.venv/bin/python -m benchmarks.notices $(if $(LETTERS),--letters $(LETTERS))

bench-enforce: setup
	@.venv/bin/python -m benchmarks.enforce

bench-terms: setup
	@.venv/bin/python -m benchmarks.terms $(if $(COMMENTS),"$(COMMENTS)")

bench-score: setup
	@.venv/bin/python -m benchmarks.score $(FILE)

bench-backtest: setup
	@.venv/bin/python -m benchmarks.backtest $(if $(SCORES),--scores $(SCORES))

reset: setup
	@$(LAUNCH) reset
