"""Regions made and measured: every tool that draws one, and what is told of one, as functions of arrays.

A region is coverage: uint8, (slice, row, column), 0 nothing of the voxel inside to 255 all of it. What a tool
makes is a `Patch`, the coverage in the box that it touched; `combined` lays it onto a region.
"""
