"""The pages of the study window, one for each step of a study, in order."""
