"""The whole chain on the simulated study: commands for the study, scripted raters in the real window."""
