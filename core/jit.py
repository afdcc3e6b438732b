"""The one way FerroRead compiles a function.

Flags of LLVM's fast-math without "nnan" and "ninf": sums may be reordered, but a NaN in the signal must
still come out as a NaN. ``error_model="numpy"`` makes a division by zero an infinity and not an exception,
which would put a branch into every loop.

Kernels are compiled for one thread and release Python's lock; core.relaxometry.lanes shares them out. numba's
own `parallel=True` takes twice as long to compile, and on its workqueue layer, the only one that is
everywhere, a second thread that enters such a kernel ends the process.

Machine code is kept on disk. numba takes it for valid as long as the function's own file does not change,
although what the function calls from other files is compiled into it: here those files count as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar, cast

import numba
from numba.core import caching
from numba.core.dispatcher import Dispatcher

Function = TypeVar("Function", bound=Callable[..., Any])

FAST = {"nsz", "arcp", "contract", "afn", "reassoc"}


def kernel(function: Function) -> Function:
    """Compile `function` on its first call and keep the machine code on disk."""
    return _compiled(function, parallel=False)


def parallel_kernel(function: Function) -> Function:
    """Like `kernel`, with its `prange` loops shared out over numba's threads."""
    return _compiled(function, parallel=True)


def inlined(function: Function) -> Function:
    """Compile a formula that becomes part of the kernels that call it: a call would not be vectorised."""
    return _compiled(function, parallel=False, inlined=True)


def _compiled(function: Function, *, parallel: bool, inlined: bool = False) -> Function:
    decorate = numba.njit(
        cache=True, nogil=True, error_model="numpy", fastmath=FAST, parallel=parallel, forceinline=inlined
    )
    return cast(Function, decorate(function))


class SourceLocator:
    """numba's own place for a function's machine code, with a stamp of all sources compiled into it."""

    def __init__(self, place: Any, function: FunctionType) -> None:
        self._place, self._function = place, function

    @classmethod
    def from_function(cls, function: FunctionType, file: str) -> SourceLocator | None:
        """Return the place numba would choose, or None if it knows none."""
        places = (locator.from_function(function, file) for locator in _LOCATORS)
        return next((cls(place, function) for place in places if place is not None), None)

    def get_source_stamp(self) -> tuple[Any, str]:
        """Return what must be the same for machine code to be valid."""
        helpers = sorted({helper.__code__.co_filename for helper in _called(self._function, set())})
        digest = hashlib.sha256(b"".join(Path(file).read_bytes() for file in helpers))
        return self._place.get_source_stamp(), digest.hexdigest()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._place, name)


def _called(function: FunctionType, seen: set[FunctionType]) -> Iterator[FunctionType]:
    """Go through the compiled functions that a function's module knows when it is compiled, and theirs."""
    for value in list(function.__globals__.values()):
        if isinstance(value, Dispatcher) and value.py_func not in seen:
            seen.add(value.py_func)
            yield value.py_func
            yield from _called(value.py_func, seen)


# numba's own setting for it is gone once a NUMBA_ variable of the environment changes, and dask sets one
_LOCATORS: tuple[Any, ...] = tuple(caching.CacheImpl._locator_classes)
caching.CacheImpl._locator_classes = [SourceLocator]
