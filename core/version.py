"""Which FerroRead this is."""


def program_version() -> str:
    """Return the installed version, or that of the checkout."""
    # it takes a tenth of a window's start, and is asked for when something is signed or written
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version("ferroread")
    except PackageNotFoundError:
        return "0.1.0+checkout"
