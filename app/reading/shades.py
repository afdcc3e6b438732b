"""Colours of what a rater draws and marks, the same in every theme."""

from __future__ import annotations

from core.imaging.roi import ROI_COLOURS

# the kinds of regions that the window draws
REGION_COLOURS = {kind: ROI_COLOURS[kind] for kind in ("tumour", "reference", "noise")}
# Okabe and Ito 2008, "Color universal design": told apart with every kind of colour vision
MARK_COLOURS = {"lesion": "#f0e442", "node": "#2fcf9f"}
