"""Kernels over voxels: plain formulas in numba, written out for a number of echoes (see unroll)."""
