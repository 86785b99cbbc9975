# Each goal does its own set-up; the second time there is nothing left to set up.
# PYTHON=/path/to/python chooses the interpreter (3.11 to 3.13); ARGS="..." goes to the command that the goal runs.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test proofs lint format catalogue conformance bench interviews load office bench-docs screenshots lock clean browser postgresql

# What, when changed, makes the installed environment out of date.
# A new top-level package counts: an editable install knows only those that it met.
PROJECT := setup.cfg pyproject.toml scripts/setup $(wildcard */__init__.py)

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/.run ## serve the web application on http://127.0.0.1:8000, with an invented office to try things out
	.venv/bin/tepat serve --demo $(ARGS)

test: .venv/.test browser postgresql ## run every test, those in a browser and on PostgreSQL too
	.venv/bin/python -m pytest -n auto --dist loadfile $(ARGS)

proofs: .venv/.test browser postgresql ## run the proofs that take longer: killed payments, slips in every file, comparisons of whole editions
	.venv/bin/python -m pytest -n auto --dist loadfile -m proof $(ARGS)

lint: .venv/.test ## look for faults and for unformatted code
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

format: .venv/.test ## mend what can be mended and format the code
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

catalogue: .venv/.run ## write docs/knowledge.md: what the knowledge holds, and how to change it
	.venv/bin/tepat catalogue $(ARGS)

conformance: .venv/.test ## put 20,000 made-up households to both evaluators
	.venv/bin/python -m tests.engine.many.conformance $(ARGS)

bench: .venv/.bench ## measure the engine against its peers and write build/bench.json
	.venv/bin/python -m benchmarks $(ARGS)

interviews: .venv/.run ## let every sample and 1,000 made-up families fill in the interview; write build/interviews.json
	.venv/bin/python -m benchmarks.interviews $(ARGS)

load: .venv/.run ## let 50 people click through interviews at once; write build/load.json
	.venv/bin/python -m benchmarks.load $(ARGS)

office: .venv/.run postgresql ## fill both kinds of database with a whole district and let 20 staff work; write build/office.json
	.venv/bin/python -m benchmarks.office $(ARGS)

bench-docs: .venv/.bench ## write docs/performance.md and its plot from build/bench.json
	.venv/bin/python -m benchmarks.docs

screenshots: .venv/.test browser ## take the pictures of the main pages in docs/screenshots
	.venv/bin/python -m tests.webapp.screenshots

lock: ## look for newer releases and write the lock files anew
	scripts/setup lock

clean: ## remove the environment and whatever was generated
	rm -rf .venv build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

browser: .venv/.test
	@scripts/setup browser

postgresql:
	@scripts/setup postgresql

.venv/.run: requirements.lock $(PROJECT)
	scripts/setup install requirements.lock
	@touch $@

.venv/.test: requirements-test.lock $(PROJECT)
	scripts/setup install requirements-test.lock
	@touch $@

.venv/.bench: requirements-bench.lock $(PROJECT)
	scripts/setup install requirements-bench.lock
	@touch $@
