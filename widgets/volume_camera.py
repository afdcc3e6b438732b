"""Where one stands before a volume: parallel rays, so that a millimetre is as long in front as behind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Position = tuple[float, float, float]

# DICOM PS3.3 C.7.6.2.1.1: x grows to the patient's left, y to the back, z to the head
_LETTERS = (("R", "L"), ("A", "P"), ("F", "H"))
# where one stands -> (where one looks, what is down on the screen), as 2D pictures lie: the patient's left is
# on the right from the front and from the feet, the head up, and the front up where head or feet face one
_LOOKS: dict[str, tuple[Position, Position]] = {
    "A": ((0, 1, 0), (0, 0, -1)),
    "P": ((0, -1, 0), (0, 0, -1)),
    "L": ((-1, 0, 0), (0, 0, -1)),
    "R": ((1, 0, 0), (0, 0, -1)),
    "S": ((0, 0, -1), (0, 1, 0)),
    "I": ((0, 0, 1), (0, 1, 0)),
}
SIDES = tuple(_LOOKS)


@dataclass(frozen=True, eq=False)
class Camera:
    """`axes` has as rows the unit vectors, in LPS, that run right, down and into the screen.

    `middle_mm` lies at the middle of the widget. Points of the widget are in its own (logical) pixels.
    """

    axes: NDArray[np.float64]
    middle_mm: NDArray[np.float64]
    px_per_mm: float

    @classmethod
    def from_side(cls, side: str, middle_mm: ArrayLike, px_per_mm: float) -> Camera:
        """Stand at the front, back, left, right, head or feet: "A", "P", "L", "R", "S" or "I"."""
        into, down = (np.asarray(vector, dtype=np.float64) for vector in _LOOKS[side])
        axes = np.stack([np.cross(down, into), down, into])
        return cls(axes, np.asarray(middle_mm, dtype=np.float64), px_per_mm)

    def seen_from(self, side: str) -> Camera:
        """Stand elsewhere; middle and zoom stay."""
        return Camera.from_side(side, self.middle_mm, self.px_per_mm)

    def project(self, positions_mm: ArrayLike, size: tuple[float, float]) -> NDArray[np.float64]:
        """Turn LPS mm, shape (..., 3), into (x, y) of a widget of `size` and mm into the screen."""
        seen = (np.asarray(positions_mm, dtype=np.float64) - self.middle_mm) @ self.axes.T
        seen[..., :2] *= self.px_per_mm
        seen[..., 0] += size[0] / 2
        seen[..., 1] += size[1] / 2
        return seen

    def position(self, x: float, y: float, size: tuple[float, float]) -> NDArray[np.float64]:
        """Return the place of the patient, LPS mm, under a point, at the depth of the middle."""
        across = np.array([(x - size[0] / 2) / self.px_per_mm, (y - size[1] / 2) / self.px_per_mm, 0.0])
        return np.asarray(self.middle_mm + across @ self.axes)

    def turned(self, right_degrees: float, down_degrees: float) -> Camera:
        """Turn the patient as a hand does that drags his near side right and down."""
        a, b = np.deg2rad(right_degrees), np.deg2rad(down_degrees)
        about_down = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
        about_right = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
        axes = about_right @ about_down @ self.axes
        # thousands of small turns would bend the axes
        right, down = axes[0] / np.linalg.norm(axes[0]), axes[1] - axes[0] * (axes[0] @ axes[1])
        down = down / np.linalg.norm(down)
        return replace(self, axes=np.stack([right, down, np.cross(right, down)]))

    def moved(self, right_px: float, down_px: float) -> Camera:
        """Move the patient across the screen."""
        shift = np.array([right_px, down_px, 0.0]) / self.px_per_mm
        return replace(self, middle_mm=self.middle_mm - shift @ self.axes)

    def zoomed(self, factor: float, x: float, y: float, size: tuple[float, float]) -> Camera:
        """Zoom so that what lies under a point stays there."""
        scale = self.px_per_mm * factor
        across = np.array([x - size[0] / 2, y - size[1] / 2, 0.0]) * (1 / self.px_per_mm - 1 / scale)
        return replace(self, middle_mm=self.middle_mm + across @ self.axes, px_per_mm=scale)

    def letters(self) -> tuple[str, str, str, str]:
        """Name the patient directions at the left, right, top and bottom edge."""
        right, down = self.axes[0], self.axes[1]
        return side_letters(-right), side_letters(right), side_letters(-down), side_letters(down)


def side_letters(direction: NDArray[Any]) -> str:
    """Name a direction: one letter per component that counts, the largest first ("LPH")."""
    order = np.argsort(-np.abs(direction), kind="stable")
    # a component under 0.26 (15 degrees off) would only clutter, as in Geometry.letters
    return "".join(_LETTERS[k][int(direction[k] > 0)] for k in order if abs(direction[k]) >= 0.26)
