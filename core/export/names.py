"""Names of files and folders from what people called things, such that every system takes them."""

from __future__ import annotations

import unicodedata

_LONGEST_BYTES = 80
# what Windows keeps for devices, whatever the ending
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)


def safe_name(text: str) -> str:
    """Return letters and digits of any script, "-", "_" and "." as they are, and "_" for all else."""
    kept = "".join(
        sign if sign.isalnum() or sign in "-_." else "_" for sign in unicodedata.normalize("NFC", text)
    )
    short = kept.encode()[:_LONGEST_BYTES].decode(errors="ignore").strip("._")
    return f"{short}_" if not short or short.split(".")[0].casefold() in _DEVICES else short


class Names:
    """The names of one folder: none comes twice, on systems that tell no small letters from large either."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, text: str) -> str:
        """Return a safe name for a text that nothing else in the folder has, and take it."""
        plain = safe_name(text)
        name, number = plain, 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{plain}-{number}"
        self._taken.add(name.casefold())
        return name
