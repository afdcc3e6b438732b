"""The report of an analysis: one document, as a page for a browser and as PDF, with its plots as files.

document.write_report(study, analysis, out) makes all of it.
"""
