"""Maps of a whole study's scans, a row of a manifest each, by many workers."""
