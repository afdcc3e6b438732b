"""The digital study: mice with tumours, lesions and nodes that take up iron, scanned at 3 T and 0.064 T.

Arrays and truth only; core.export writes them as a scanner would.
"""

from core.relaxometry.simulate.phantom import SimulatedPhantom, Vial, VialReading, phantom, read_vials
from core.relaxometry.simulate.plan import (
    GROUPS,
    VISITS,
    StudyPlan,
    SubjectPlan,
    Target,
    draw_study,
)
from core.relaxometry.simulate.scanner import (
    SCANNERS,
    Scanner,
    Sequence,
    SimulatedScan,
    Truth,
    scan,
)

__all__ = [
    "GROUPS",
    "SCANNERS",
    "VISITS",
    "Scanner",
    "Sequence",
    "SimulatedPhantom",
    "SimulatedScan",
    "StudyPlan",
    "SubjectPlan",
    "Target",
    "Truth",
    "Vial",
    "VialReading",
    "draw_study",
    "phantom",
    "read_vials",
    "scan",
]
