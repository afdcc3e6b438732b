"""From echoes to R2* and iron, with an error on every voxel."""
