"""What leaves FerroRead: tables, DICOM files, reports."""
