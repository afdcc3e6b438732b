"""The digital study: mice with tumours, lesions and nodes that take up iron, scanned at 3 T and 0.064 T.

Arrays and truth only; core.export writes them as a scanner would.
"""

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
    SimulatedPhantom,
    SimulatedScan,
    Truth,
    Vial,
    phantom,
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
    "draw_study",
    "phantom",
    "scan",
]
