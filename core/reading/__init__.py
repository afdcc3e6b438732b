"""One rater's work on one case: protocol, marks, regions, answers, and the rules they obey."""
