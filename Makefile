# `make run` sets everything up and runs the main job; `make help` lists the rest.
PYTHON ?= python3.11
EXPERIMENT ?= default
DATA_DIR ?=
WRITE ?= false
REFERENCE ?= null

BIN := .venv/bin
READY := .venv/.ready
ONLINE_OFF := HF_HUB_OFFLINE=1 HF_HUB_DISABLE_TELEMETRY=1 DVC_NO_ANALYTICS=1 TOKENIZERS_PARALLELISM=true
# Large blocks of memory are kept instead of handed back after every step of training.
MEMORY := MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=4294967296 MALLOC_TOP_PAD_=268435456
# Threads that wait for others sleep: where something else runs, too, it gets the core meanwhile.
WAITING := OMP_WAIT_POLICY=PASSIVE GOMP_SPINCOUNT=0
RUN := PATH="$(CURDIR)/$(BIN):$$PATH" $(ONLINE_OFF) $(MEMORY) $(WAITING)

.PHONY: help run test test-pages lint check-corpus transfer clean

help:  ## list the targets
	@grep -E "^[a-z-]+:.*##" $(MAKEFILE_LIST) | sed "s/:.*## /\t/"
	@printf '\nmake run EXPERIMENT=real_news DATA_DIR=PATH adds another experiment of configs/experiments\n'

run: $(READY)  ## set up, then from raw articles to an exported model; a second run re-runs nothing
	@$(RUN) $(BIN)/python scripts/run_pipeline.py "$(EXPERIMENT)" "$(DATA_DIR)"

test: $(READY)  ## set up, then run the tests
	@$(RUN) OMP_NUM_THREADS=1 $(BIN)/pytest -n auto --maxprocesses 8 --dist worksteal

test-pages: $(READY)  ## run the tests of pages in a browser; installs Playwright, and Chromium where there is none
	@$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[browser]'
	@(command -v chromium || command -v chromium-browser || command -v google-chrome) >/dev/null \
		|| $(BIN)/playwright install chromium
	@$(RUN) OMP_NUM_THREADS=1 $(BIN)/pytest -m browser

lint: $(READY)  ## check style and types
	@$(BIN)/ruff format --check labels training scripts tests
	@$(BIN)/ruff check labels training scripts tests
	@$(BIN)/mypy

check-corpus: $(READY)  ## check every rule of the built-in corpus; WRITE=true makes its pages anew
	@$(RUN) $(BIN)/dvc repro --quiet split_examples@default
	@$(RUN) $(BIN)/python scripts/check_corpus.py write=$(WRITE) "reference=$(REFERENCE)"

transfer: $(READY)  ## train on shares of the corpus, score on the real sentences of DATA_DIR
	@$(RUN) $(BIN)/python scripts/transfer_curve.py "paths.data_dir=$(DATA_DIR)"

clean:  ## delete what the pipeline made; figures that git keeps, environment and DVC's cache stay
	rm -rf models exports runs dvc_plots
	git clean -fdqX reports
	find data -mindepth 1 -maxdepth 1 ! -name sample ! -name behaviour ! -name audit -exec rm -rf {} +

# torch comes first and alone, so that no other package asks for its newest build.
$(READY): constraints.txt pyproject.toml
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt torch==2.13.0
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[train,dev]'
	touch $(READY)
