"""The one way FerroRead compiles a function.

Flags of LLVM's fast-math without "nnan" and "ninf": sums may be reordered, but a NaN in the signal must
still come out as a NaN. ``error_model="numpy"`` makes a division by zero an infinity and not an exception,
which would put a branch into every loop.

Kernels are compiled for one thread and release Python's lock; core.relaxometry.lanes shares them out. numba's
own `parallel=True` takes twice as long to compile, and on its workqueue layer, the only one that is
everywhere, a second thread that enters such a kernel ends the process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

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
