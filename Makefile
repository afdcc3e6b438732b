# On Debian with git, make and python3 and nothing else, `make run` and `make test` bring all they need.
.POSIX:
SHELL = /bin/sh
PYTHON ?= python3
BIN = .venv/bin

# What Qt, vtk and the tests need of the system; all from Debian's own archive.
SYSTEM = fonts-dejavu-core libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libgomp1 libopengl0 \
	libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 \
	libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-xfixes0 libxcb-xinerama0 libxcb-xkb1 \
	libxkbcommon-x11-0 libxkbcommon0
SYSTEM_TEST = dicom3tools orthanc orthanc-dicomweb poppler-utils pspp xvfb
# a server, without which its tests are skipped; what reads the letters in pictures of the screen
SYSTEM_SOAK = postgresql tesseract-ocr

.PHONY: run test check soak pictures bench frozen translations lock clean system system-all system-soak venv-package
run: system .venv/run.stamp
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		$(BIN)/python main.py demo --open --out demo-study; \
	else \
		echo "There is no display, so the demo runs without a window."; \
		$(BIN)/python main.py demo --out demo-output --force; \
	fi

# Debian's archive and PyPI side by side; whether Python may write what it has compiled is not the shell's to say.
test: venv-package
	@$(MAKE) -j 2 system-all .venv/test.stamp
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m tests.warm_kernels & $(MAKE) check; checked=$$?; \
		wait; exit $$checked
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The long forms: hours of killing, mutating and simulating, and the measurements.
soak: system-all system-soak .venv/test.stamp
	FERROREAD_HYPOTHESIS=drawn $(BIN)/python -m pytest -n 2 -m soak --timeout=0 -o addopts="--strict-markers --strict-config -ra"

# Brings the texts of the sources into every language's .ts, and makes of each the .qm that Qt reads.
# English has its plural forms alone: its other texts stand in the sources.
LUPDATE = $(BIN)/pyside6-lupdate -silent -extensions py -tr-function-alias QT_TR_NOOP+=marked \
	-locations none -no-obsolete -sort-messages app widgets -ts
translations: .venv/run.stamp
	@$(LUPDATE) resources/translations/ferroread_en.ts -pluralonly
	@for ts in resources/translations/*.ts; do \
		case $$ts in *_en.ts) ;; *) $(LUPDATE) $$ts;; esac; \
		$(BIN)/pyside6-lrelease -silent $$ts || exit 1; \
	done

# Renews the pictures of the documents and the references of the picture tests: look at them before a commit.
pictures: .venv/test.stamp
	$(BIN)/python docs/figures/windows.py
	FERROREAD_RENEW_PICTURES=1 $(BIN)/python -m pytest -q tests/app/looks/test_pictures.py

bench: .venv/run.stamp
	$(BIN)/python main.py bench

# A folder that runs without Python, with its bill of materials.
DIST = dist
frozen: system .venv-frozen/stamp
	.venv-frozen/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall .
	.venv-frozen/bin/python -m PyInstaller --noconfirm --log-level WARN --distpath $(DIST) --workpath build \
		docs/recipes/ferroread.spec
	@du -sh $(DIST)/ferroread

.venv-frozen/stamp: requirements-frozen.lock
	$(PYTHON) -m venv .venv-frozen
	.venv-frozen/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements-frozen.lock
	@touch $@

.venv/pyvenv.cfg:
	$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else \
		"FerroRead needs Python 3.11, 3.12 or 3.13; run make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv

# A stamp per lock: an environment is brought up to date when its lock has changed.
.venv/run.stamp: requirements.lock .venv/pyvenv.cfg
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

# pip would compile all that every package holds; what is imported is compiled then, and kept
.venv/test.stamp: requirements-test.lock .venv/pyvenv.cfg
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes \
		-r requirements-test.lock
	@touch $@ .venv/run.stamp

# without it there is no environment; named by nobody, for the script looks for it by itself
venv-package:
	@sh .ci/system-libraries

system:
	@sh .ci/system-libraries $(SYSTEM)

system-all:
	@sh .ci/system-libraries $(SYSTEM) $(SYSTEM_TEST)

system-soak:
	@sh .ci/system-libraries $(SYSTEM_SOAK)

# The locks hold for Linux, Windows and macOS and Python 3.11 to 3.13.
lock:
	$(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet uv
	.venv-lock/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--no-annotate --no-header --extra test setup.cfg --output-file requirements-test.lock
	.venv-lock/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--no-annotate --no-header --constraint requirements-test.lock setup.cfg \
		--output-file requirements.lock
	.venv-lock/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--no-annotate --no-header --constraint requirements-test.lock --extra freeze setup.cfg \
		--output-file requirements-frozen.lock
	rm -r .venv-lock

clean:
	rm -rf .venv .venv-frozen build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache demo-output demo-study
