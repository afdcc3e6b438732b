from __future__ import annotations

import os
import threading

import pytest

from app.workers import Workers, fit_threads
from core.relaxometry import lanes
from tests.threads import our_threads


@pytest.fixture
def workers(qapp):
    made = Workers()
    yield made
    made.close()


def never(_):
    raise AssertionError("not expected")


def test_a_result_comes_back_in_the_windows_thread(workers, qtbot):
    seen = []
    workers.start(
        "lane",
        lambda job: threading.get_ident(),
        lambda result: seen.append((result, threading.get_ident())),
        never,
    )
    qtbot.waitUntil(lambda: bool(seen))
    worker, mine = seen[0]
    assert worker != mine == threading.get_ident()
    assert not workers.busy


def test_an_error_comes_back_whole(workers, qtbot):
    seen = []

    def fail(job):
        raise ValueError("why")

    workers.start("lane", fail, never, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0], ValueError)


def test_a_newer_job_of_a_lane_makes_the_older_one_stale(workers, qtbot):
    seen, go_on, stopped = [], threading.Event(), []

    def slow(job):
        go_on.wait(5)
        stopped.append(job.cancelled())
        return "old"

    workers.start("lane", slow, seen.append, never)
    workers.start("lane", lambda job: "new", seen.append, never)
    go_on.set()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["new"]
    assert stopped == [True]


def test_a_result_that_was_on_its_way_when_it_became_stale_is_dropped(workers, qtbot):
    seen, done = [], threading.Event()

    def quick(job):
        done.set()
        return "old"

    workers.start("lane", quick, seen.append, never)
    done.wait(5)
    workers.start("lane", lambda job: "new", seen.append, never)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["new"]


def test_other_lanes_are_left_alone(workers, qtbot):
    seen = []
    workers.start("one", lambda job: 1, seen.append, never)
    workers.start("two", lambda job: 2, seen.append, never)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == [1, 2]


def test_progress_is_told_with_its_lane(workers, qtbot):
    with qtbot.waitSignal(workers.progressed) as said:
        workers.start("lane", lambda job: job.report(0.5, "half"), lambda _: None, never)
    assert said.args == ["lane", 0.5, "half"]


def test_closing_stops_the_thread_and_nothing_comes_any_more(qapp, qtbot):
    before = our_threads()
    workers, seen, begun = Workers(), [], threading.Event()

    def until_stopped(job):
        begun.set()
        while not job.cancelled():
            pass
        return "too late"

    workers.start("lane", until_stopped, seen.append, seen.append)
    workers.start("other", lambda job: "never begun", seen.append, seen.append)
    begun.wait(5)
    workers.close()
    qapp.processEvents()
    assert seen == []
    assert our_threads() == before


def test_a_window_that_closes_takes_no_threads_from_another(qapp):
    before, lent_before = our_threads(), lanes.lanes()
    first, second = Workers(), Workers()
    lent = lanes.lanes()
    assert lent == (os.cpu_count() or 1)
    second.close()
    assert lanes.lanes() == lent
    seen = []
    lanes.share(lambda lane, count: seen.append((lane, count)))
    assert sorted(seen) == [(lane, lent) for lane in range(lent)]
    with fit_threads(1):
        assert lanes.lanes() == 1
    assert lanes.lanes() == lent
    first.close()
    assert lanes.lanes() == lent_before
    assert our_threads() == before


def test_after_closing_nothing_is_begun(qapp):
    workers, begun = Workers(), []
    workers.close()
    workers.start("lane", begun.append, begun.append, begun.append)
    assert not workers.busy and begun == []


def test_work_for_later_waits_until_there_is_no_other(workers, qtbot):
    order, go_on = [], threading.Event()
    workers.start("first", lambda job: go_on.wait(5), lambda _: order.append("first"), never)
    workers.start("ahead", lambda job: order.append("ahead begun"), lambda _: None, never, later=True)
    workers.start("second", lambda job: None, lambda _: order.append("second"), never)
    go_on.set()
    qtbot.waitUntil(lambda: not workers.busy)
    assert order == ["first", "second", "ahead begun"]


def test_work_for_later_gives_way_and_is_begun_anew(workers, qtbot):
    order, begun = [], threading.Event()

    def ahead(job):
        order.append("ahead begun")
        begun.set()
        while not job.cancelled() and order.count("ahead begun") == 1:
            pass
        return "given up" if job.cancelled() else "whole"

    workers.start("ahead", ahead, order.append, never, later=True)
    begun.wait(5)
    workers.start("hand", lambda job: "hand", order.append, never)
    qtbot.waitUntil(lambda: not workers.busy)
    assert order == ["ahead begun", "hand", "ahead begun", "whole"]


def test_work_for_later_can_be_dropped_before_and_while_it_is_done(workers, qtbot):
    seen, go_on, begun = [], threading.Event(), threading.Event()
    workers.start("hand", lambda job: go_on.wait(5), seen.append, never)
    workers.start("ahead", seen.append, seen.append, never, later=True)
    workers.drop("ahead")

    def until_dropped(job):
        begun.set()
        while not job.cancelled():
            pass

    go_on.set()
    qtbot.waitUntil(lambda: not workers.busy)
    workers.start("ahead", until_dropped, seen.append, never, later=True)
    begun.wait(5)
    workers.drop("ahead")
    assert not workers.busy and seen == [True]


def test_work_for_later_begins_when_what_it_waited_for_is_dropped(workers, qtbot):
    seen = []

    def until_dropped(job):
        while not job.cancelled():
            pass

    workers.start("hand", until_dropped, never, never)
    workers.start("ahead", lambda job: "ahead", seen.append, never, later=True)
    workers.drop("hand")
    qtbot.waitUntil(lambda: seen == ["ahead"])
