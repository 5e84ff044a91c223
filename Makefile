# The few commands people type. Each installs what it needs first: see build/setup.

PYTHON ?= python3
VENV := .venv/bin
SUITE ?=
DIST ?= dist
UPDATE = $(VENV)/pyside6-lupdate -silent -no-obsolete -locations none -sort-messages -source-language en \
	-extensions py client/twocan/gui

.DEFAULT_GOAL := help
.PHONY: help call test lint bench screenshots translations supernode demo ejabberd package fuzz venv ready ready-to-demo ready-to-test ready-to-bench ready-to-package ready-to-translate clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

call: ready  ## a supernode, an echo phone, and a first call to it that checks what comes back
	@$(VENV)/python build/first_call.py

test: ready-to-test  ## every test; ARGS="-k ringing" chooses some
	@$(VENV)/python tests/every_test.py $(ARGS)

lint: venv  ## style, types and layers
	@$(VENV)/ruff check
	@$(VENV)/ruff format --check
	@$(VENV)/mypy
	@$(VENV)/python -m pytest -q -p no:pytest-qt tests/test_layers.py

bench: ready-to-bench  ## measurements into out/bench; SUITE=setup runs only that one
	@$(VENV)/python tests/bench $(SUITE)

screenshots: ready-to-test  ## every view of the window into out/screenshots; ARGS="--languages de" chooses
	@$(VENV)/python tests/screenshots.py $(ARGS)

translations: ready-to-translate  ## the window's texts into assets/translations/*.ts, and those into *.qm
	@$(UPDATE) -ts $(addprefix assets/translations/twocan_,de.ts es.ts zh_CN.ts ar.ts)
	@$(UPDATE) -pluralonly -ts assets/translations/twocan_en.ts
	@$(VENV)/pyside6-lrelease -silent assets/translations/twocan_*.ts

package: ready-to-package  ## dist/twocan, the download; FAST=1 of stock libraries; DIST=folder RELEASE_KEY=file BUDGET=accept
	@$(VENV)/python build/package.py --dist '$(DIST)' $(if $(FAST),--fast) $(if $(RELEASE_KEY),--key '$(RELEASE_KEY)') \
		$(if $(filter accept,$(BUDGET)),--accept)

supernode: ready  ## a supernode in the foreground; its state stays in .state/supernode
	@$(VENV)/twocan-supernode run --state .state/supernode

demo: ready-to-demo  ## a site with two demo people and a call button, in the browser; its state stays in .state/demo; ARGS=--no-browser
	@$(VENV)/python -m twocan_supernode.demo $(ARGS)

ejabberd: ready  ## the supernode's private ejabberd, unpacked into .venv/opt/ejabberd

fuzz: ready-to-test  ## changed files against what unpacks the download; SECONDS=600
	@FUZZ_SECONDS=$(or $(SECONDS),60) $(VENV)/python -m pytest -q -o timeout=0 tests/package/test_untar_rounds.py

venv:  ## the virtual environment alone, in .venv
	@PYTHON=$(PYTHON) build/setup python

ready:
	@PYTHON=$(PYTHON) build/setup python ejabberd sound $(if $(DISPLAY)$(WAYLAND_DISPLAY),window)

ready-to-demo:
	@PYTHON=$(PYTHON) build/setup python ejabberd page sound $(if $(DISPLAY)$(WAYLAND_DISPLAY),window)

ready-to-bench:
	@PYTHON=$(PYTHON) build/setup python ejabberd sound soundserver window display postgresql bench

ready-to-package:
	@PYTHON=$(PYTHON) build/setup python ejabberd sound window display package $(if $(FAST),,native)

ready-to-translate:
	@PYTHON=$(PYTHON) build/setup python window

ready-to-test:
	@PYTHON=$(PYTHON) build/setup python ejabberd page postgresql sound soundserver window display desktop package

clean:  ## remove what these commands made, save .state and the slim libraries in .cache
	rm -rf .venv .cache/package dist out *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find client supernode tests build -name __pycache__ -prune -exec rm -rf {} +
