"""Which FerroRead this is."""

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """Return the installed version, or that of the checkout."""
    try:
        return version("ferroread")
    except PackageNotFoundError:
        return "0.1.0+checkout"
