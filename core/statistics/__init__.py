"""From answers to numbers; docs/statistics.md says whom we follow, and why."""
