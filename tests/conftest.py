"""What every test may use."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from tests.server import Cluster

# the same examples on every run, so that a change and not chance decides; `make soak` draws more, and anew
settings.register_profile("fixed", derandomize=True, database=None, deadline=None, max_examples=50)
settings.register_profile("drawn", deadline=None, print_blob=True, max_examples=300)
settings.load_profile(os.environ.get("FERROREAD_HYPOTHESIS", "fixed"))

# before Qt is imported anywhere: the suite needs no display
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# what is compiled here serves the programs that tests start as well
KERNELS = Path(__file__).resolve().parents[1] / ".pytest_cache" / "kernels"
os.environ.setdefault("NUMBA_CACHE_DIR", str(KERNELS))
# whatever the machine and its person speak
os.environ["FERROREAD_LANGUAGE"] = "en"

PATIENCE_MS = 60_000
SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """Give the application what app.startup does: a language, and one thread that looks for waste."""
    from app.language import speak
    from app.waste import collect_here

    speak(qapp, "en")
    collect_here(qapp)
    return qapp


def pytest_collection_finish() -> None:
    """What was imported so far is no waste: to look for some among it takes a third of a second each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Let a password cost next to nothing where no test says what: a guess takes a quarter of a second."""
    from core.study.rater_key import USUAL, Cost
    from tests.signing import CHEAP

    assert Cost(iterations=3, lanes=4, memory_kib=65_536) == USUAL, "the second recommendation of RFC 9106"
    for name, value in vars(CHEAP).items():
        # every default is this one object
        object.__setattr__(USUAL, name, value)


@pytest.fixture(autouse=True)
def waste() -> Iterator[None]:
    """Take windows down that a test has let go of, and look for waste: no event loop runs between tests.

    All that stands is given its looks again with every theme, and asked by whatever goes through all windows.
    """
    yield
    if not gc.isenabled():
        from PySide6.QtCore import QCoreApplication, QEvent

        from app.waste import collect_waste

        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        collect_waste()


def patient(qtbot: QtBot) -> QtBot:
    """Have a hand wait longer than pytest-qt's five seconds: how busy a machine is decides no test."""
    for wait in ("waitUntil", "waitSignal", "waitSignals"):
        setattr(qtbot, wait, partial(getattr(qtbot, wait), timeout=PATIENCE_MS))
    return qtbot


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """A patient hand for one test."""
    return patient(qtbot)


@pytest.fixture(scope="module")
def lasting_qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """A patient hand for windows that the tests of a module share; it closes no widgets."""
    from pytestqt.qtbot import QtBot

    return patient(QtBot(request))


@pytest.fixture
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    """English, or the language that a test asks for with `indirect=True`, as long as the test lasts."""
    from app.language import speak

    wanted = getattr(request, "param", "en")
    speak(qapp, wanted)
    yield wanted
    speak(qapp, "en")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real and reference data, beside the checkout."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not beside this checkout")
    return SHARED_DATA


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL server, one for all tests; each makes its own database on it."""
    from tests.server import PASSWORD, cluster

    made = cluster()
    passwords = tmp_path_factory.mktemp("server") / "pgpass"
    passwords.write_text(f"127.0.0.1:{made.port}:*:*:{PASSWORD}\n", encoding="utf-8")
    passwords.chmod(0o600)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSFILE", str(passwords))
        patch.delenv("PGPASSWORD", raising=False)
        yield made
    made.remove()
