"""The study, its blinding, the kits dealt out and the readings collected."""
