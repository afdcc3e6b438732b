"""The coordinator's side: what may open a study. The rater's program never imports it."""
