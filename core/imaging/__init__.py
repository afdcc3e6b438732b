"""Pictures as arrays in patient space: geometry, volumes, echo series, regions."""
