"""Colours of what a rater draws and marks, the same in every theme."""

from __future__ import annotations

from widgets.words import marked

# Okabe and Ito 2008, "Color universal design": told apart with every kind of colour vision
MARK_COLOURS = {"lesion": "#f0e442", "node": "#2fcf9f"}
# those and others told apart as well (Tol 2021), to choose from for a region
PALETTE = {
    "#e69f00": marked("Orange"), "#56b4e9": marked("Sky blue"), "#cc79a7": marked("Pink"),
    "#44aa99": marked("Teal"), "#d55e00": marked("Vermilion"), "#aa4499": marked("Purple"),
    "#f0e442": marked("Yellow"), "#0072b2": marked("Blue"), "#bbbbbb": marked("Grey"),
}  # fmt: skip
