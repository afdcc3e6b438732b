"""Kernel modules with their echo loops written out.

The compiler vectorises a loop over voxels only if nothing inside it loops. So a kernel module is written
once, as plain Python with ``for k in echoes(first, last):`` inside its voxel loops, and this module writes it
out anew for every number of echoes that comes up, k a number in each copy. The copy lies in the folder of
numba's cache: numba keeps machine code only for functions that come from a file.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import importlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from numba.core import config

# beyond it the written-out loop no longer fits the registers, and compiling takes minutes
MOST_ECHOES = 24
# what the kernels call is compiled into them: a change there needs a new file, and so new machine code
_HELPERS = ("core.jit", "core.relaxometry.kernels.formulas")


def echoes(first: int, last: int) -> Iterator[int]:
    """Count from `first` up to `last`, without it; `written_out` writes such a loop out."""
    return iter(range(first, last))


@cache
def written_out(name: str, count: int, **constants: int) -> ModuleType:
    """Return the module ``core.relaxometry.kernels.<name>`` written out.

    In the copy the constant ECHOES is `count`, other constants of the module are as given, branches that
    they decide are left out, and every ``for k in echoes(...)`` is written out.
    """
    source = _source(f"{__package__}.kernels.{name}")
    helpers = "".join(_source(helper) for helper in _HELPERS)
    digest = hashlib.sha256((source + helpers + Path(__file__).read_text(encoding="utf-8")).encode())
    variant = "".join(f"_{key.lower()}{value:d}" for key, value in constants.items())
    path = _folder() / f"{name}_{count}{variant}_{digest.hexdigest()[:12]}.py"
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(rewritten(source, count, **constants), encoding="utf-8")
        draft.replace(path)
    return _imported(path, f"ferroread_kernels.{path.stem}")


def rewritten(source: str, count: int, **constants: int) -> str:
    """Return the source of a kernel module with its echo loops written out for `count` echoes."""
    tree = ast.parse(source)
    own = {
        ast.unparse(line.targets[0]): line.value.value
        for line in tree.body
        if isinstance(line, ast.Assign)
        and isinstance(line.value, ast.Constant)
        and isinstance(line.value.value, int)
    }
    writer = _Writer({**own, "ECHOES": count, **constants})
    return ast.unparse(ast.fix_missing_locations(writer.visit(tree))) + "\n"


class _Writer(ast.NodeTransformer):
    """Writes echo loops out, puts values for constants and loop variables, and drops dead branches."""

    def __init__(self, values: dict[str, int]) -> None:
        self.values = values

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        if not self._decided(node.test):
            return self.generic_visit(node)
        return self.visit(node.body if self._value(node.test) else node.orelse)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if isinstance(node.ctx, ast.Load) and node.id in self.values:
            return ast.Constant(self.values[node.id])
        return node

    def visit_If(self, node: ast.If) -> Any:
        if not self._decided(node.test):
            return self.generic_visit(node)
        return self._all(node.body if self._value(node.test) else node.orelse)

    def visit_For(self, node: ast.For) -> Any:
        call = node.iter
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "echoes"):
            return self.generic_visit(node)
        written: list[ast.stmt] = []
        for _ in self._counted(node.target, call):
            written += self._all(copy.deepcopy(node.body))
        return written

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Write ``tuple(x for k in echoes(...))`` out: a tuple is registers, not memory; and `place`."""
        if isinstance(node.func, ast.Name) and node.func.id == "place":
            # as a function it would be compiled once for every row it is called with
            row, voxel = (ast.unparse(self.visit(argument)) for argument in node.args)
            return ast.parse(f"np.uintp(({row}) * STRIDE) + np.uintp({voxel})", mode="eval").body
        inner = node.args[0] if len(node.args) == 1 else None
        if (
            isinstance(node.func, ast.Name)
            and node.func.id == "tuple"
            and isinstance(inner, ast.GeneratorExp)
        ):
            return ast.Tuple(list(self._elements(inner.elt, inner.generators)), ast.Load())
        return self.generic_visit(node)

    def _elements(self, element: ast.expr, loops: list[ast.comprehension]) -> Iterator[ast.expr]:
        if not loops:
            yield self.visit(copy.deepcopy(element))
            return
        for _ in self._counted(loops[0].target, loops[0].iter):
            yield from self._elements(element, loops[1:])

    def _counted(self, target: ast.expr, call: ast.expr) -> Iterator[int]:
        """Give the loop variable one value after the other."""
        assert isinstance(call, ast.Call)
        name = ast.unparse(target)
        for k in range(*(int(self._value(argument)) for argument in call.args)):
            self.values[name] = k
            yield k
        self.values.pop(name, None)

    def _all(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        written: list[ast.stmt] = []
        for statement in statements:
            visited = self.visit(statement)
            written += visited if isinstance(visited, list) else [visited]
        return written

    def _decided(self, test: ast.expr) -> bool:
        """Whether a condition holds nothing but constants."""
        parts = list(ast.walk(test))
        return not any(isinstance(part, ast.Call | ast.Subscript) for part in parts) and all(
            part.id in self.values for part in parts if isinstance(part, ast.Name)
        )

    def _value(self, node: ast.expr) -> Any:
        tree = ast.Expression(self.visit(copy.deepcopy(node)))
        return eval(compile(ast.fix_missing_locations(tree), "<echoes>", "eval"), {})


def _source(module: str) -> str:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ImportError(f"{module} has no source")
    return Path(spec.origin).read_text(encoding="utf-8")


def _folder() -> Path:
    folder = (
        Path(getattr(config, "CACHE_DIR", "") or Path(tempfile.gettempdir()) / "ferroread-kernels")
        / "written-out"
    )
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _imported(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    # numba finds a function's module by name when it loads machine code
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
