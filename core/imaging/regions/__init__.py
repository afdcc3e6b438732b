"""Regions made and measured: every tool that draws one, and what is told of one, as functions of arrays.

A region is coverage: uint8, (slice, row, column), 0 nothing of the voxel inside to 255 all of it. What a tool
makes is a `Patch`, the coverage in the box that it touched; `combined` lays it onto a region. Places are LPS
mm unless they are called indices. The modules, and what to call:

====================  =======================================================================================
patch                 Patch, combined (add, subtract, replace), joined, less, common, trimmed
outline               polygon (freehand too), polygons_in_slice, ellipse_outline, ellipse_between
brush                 stroke, ball (both live with `since`), in_range (threshold brush)
contour               contours (of a slice), level_trace
live_wire             LiveWire: start, path_to
growing               grown_in_range, grown_alike, with Limits; what they give is Grown
islands               island (keep the clicked part), holes_filled, parts
slices                interpolated, copied
margins               grown (or shrunk) by mm, ring
axes                  long_and_short_axis, largest_diameter, sphere_diameter_mm
numbers               summaries, histograms
edge                  fit_edge: how blurred an edge is (core.reading.margin takes it)
warm                  warm: compile what follows the hand, in the background
====================  =======================================================================================

`distance` and `kernels` are what they are made of. Import what is needed from its module: some load numba,
SimpleITK or scipy.
"""
