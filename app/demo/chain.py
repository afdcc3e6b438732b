"""The demo's commands, one after the other, as a person would type them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.commands import Outcome
from core.export.tables import read_csv, write_csv
from core.progress import Progress

RATERS, YOU = ("Rater A", "Rater B"), "You"
# a kit lies where others see it: its name tells nobody's
_KITS = dict(zip((*RATERS, YOU), ("kit-1", "kit-2", "you"), strict=True))
FIELDS_T = (3.0, 0.064)


@dataclass(frozen=True)
class Places:
    """Where the demo keeps what it makes."""

    root: Path

    @property
    def scans(self) -> Path:
        """The simulated study as a scanner would write it, with its truth."""
        return self.root / "scans"

    @property
    def study(self) -> Path:
        """The coordinator's study."""
        return self.root / "demo.study"

    @property
    def results(self) -> Path:
        """The analysis."""
        return self.root / "results"

    @property
    def screenshots(self) -> Path:
        """Pictures of the windows."""
        return self.root / "screenshots"

    def calibration(self, field: str) -> Path:
        """The calibration of one field."""
        return self.root / f"calibration-{field}T.json"

    def kit(self, rater: str) -> Path:
        """The kit of one rater."""
        return self.root / "kits" / f"{_KITS[rater]}.kit"


class Chain:
    """Runs commands inside this program and tells each as it would be typed."""

    def __init__(self, places: Places, progress: Progress, tell: Callable[[str], None]) -> None:
        self.places = places
        self._progress = progress
        self._tell = tell

    def run(self, *words: str | Path) -> Outcome:
        """Run one command; an error is raised as AppError."""
        from app.cli import call

        typed = [str(word) for word in words]
        self._tell("ferroread " + " ".join(_quoted(word, self.places.root) for word in typed))
        return call(typed, self._progress)

    def build_study(self, seed: int, animals_per_group: int, fields_t: Sequence[float] = FIELDS_T) -> None:
        """Simulate scans, calibrate every field, and build the study with its maps."""
        scans, study = self.places.scans, self.places.study
        fields = [f"{field_t:g}" for field_t in fields_t]
        self.run(
            "simulate", "--seed", str(seed), "--animals-per-group", str(animals_per_group),
            "--fields", ",".join(fields), "--out", scans,
        )  # fmt: skip
        calibrations: list[str | Path] = []
        for field in fields:
            self.run(
                "calibrate", "--table", scans / "phantom" / f"{field}T_table.csv", "--field", field,
                "--agent", "simulated iron oxide", "--matrix", "tissue",
                "--out", self.places.calibration(field),
            )  # fmt: skip
            calibrations += ["--calibration", self.places.calibration(field)]
        self.run("study", "create", study, "--name", "Demo study")
        self.run(
            "study", "add", study, "--manifest", self._looked_at(),
            "--reference", scans / "reference.csv", "--icpms", scans / "icpms.csv", *calibrations,
        )  # fmt: skip

    def _looked_at(self) -> Path:
        """Return the scans' manifest as a coordinator leaves it who has looked at them: no text is in any.

        Among hundreds of scans the search for text takes one or the other bright rim for letters.
        """
        columns, rows = read_csv(self.places.scans / "manifest.csv")
        path = self.places.scans / "manifest-looked-at.csv"
        told = ({**dict(zip(columns, row, strict=True)), "burned_in": "none"} for row in rows)
        write_csv(path, (*columns, "burned_in"), told)
        return path

    def deal(self, raters: Sequence[str], seed: int) -> None:
        """Make each rater's kit."""
        for number, rater in enumerate(raters):
            self.run(
                "kit", "make", self.places.study, "--rater", rater, "--session", "1",
                "--out", self.places.kit(rater), "--seed", str(seed + number),
            )  # fmt: skip

    def analyse(self, raters: Sequence[str]) -> None:
        """Collect the kits and write the results."""
        self.run("study", "collect", self.places.study, *[self.places.kit(rater) for rater in raters])
        self.run("study", "analyse", self.places.study, "--out", self.places.results)


def _quoted(word: str, root: Path) -> str:
    path = Path(word)
    if path.is_absolute() and path.is_relative_to(root):
        word = str(path.relative_to(root))
    return f'"{word}"' if " " in word else word
