from __future__ import annotations

import pytest

from app.undo import History
from core.errors import StoreError
from core.reading.edits import SetAnswer


class Store:
    """Takes edits as a kit does, and fails when told to."""

    def __init__(self) -> None:
        self.taken: list[tuple[object, str]] = []
        self.full = False

    def record(self, edit, how):
        if self.full:
            raise StoreError("full")
        self.taken.append((edit, how))


@pytest.fixture
def store():
    return Store()


FIRST, SECOND = SetAnswer("q", None, None, 3), SetAnswer("q", None, 3, 5)


def test_each_step_is_recorded_with_how_it_came(store):
    history = History(store.record)
    history.do(FIRST)
    history.do(SECOND)
    history.undo()
    history.redo()
    history.undo()
    history.undo()
    history.undo()
    assert store.taken == [
        (FIRST, "edit"), (SECOND, "edit"), (SECOND.inverse(), "undo"), (SECOND, "redo"),
        (SECOND.inverse(), "undo"), (FIRST.inverse(), "undo"),
    ]  # fmt: skip


def test_a_new_edit_after_undo_drops_what_could_be_redone(store):
    history = History(store.record)
    history.do(FIRST)
    history.undo()
    history.do(FIRST)
    history.redo()
    assert [how for _, how in store.taken] == ["edit", "undo", "edit"]


def test_what_could_not_be_written_leaves_the_history_as_it_was(store):
    history = History(store.record)
    history.do(FIRST)
    store.full = True
    for deed in (history.undo, lambda: history.do(SECOND), history.redo):
        if deed == history.redo:
            deed()
            continue
        with pytest.raises(StoreError):
            deed()
    assert history.undo_name == FIRST.name and not history.redo_name
    store.full = False
    history.undo()
    assert store.taken[-1] == (FIRST.inverse(), "undo")


def test_names_are_those_of_the_edits(store):
    history = History(store.record)
    history.do(FIRST)
    assert history.undo_name == FIRST.name and not history.redo_name
    history.undo()
    assert history.redo_name == FIRST.name and not history.undo_name


def test_a_forgotten_history_undoes_nothing(store):
    history = History(store.record)
    history.do(FIRST)
    history.forget()
    history.undo()
    assert len(store.taken) == 1
