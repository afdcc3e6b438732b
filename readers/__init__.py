"""Image files and archives in. A person who reads images is a rater, never a reader."""
