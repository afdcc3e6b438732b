"""The field strength that a header states, or that its imaging frequency tells."""

from __future__ import annotations

from core.imaging.volume import FieldSource

# gyromagnetic ratio of 1H over 2 pi (CODATA 2018: 42.577 478 518 MHz/T)
PROTON_MHZ_PER_T = 42.577478518
MAX_FIELD_T = 30.0


def field_strength(
    stated: float | None, megahertz: float, nucleus: str
) -> tuple[float | None, FieldSource, tuple[str, ...]]:
    """Choose the field strength.

    Parameters
    ----------
    stated : float or None
        What the header says, in tesla (gauss on some old scanners).
    megahertz : float
        Imaging frequency, 0 if unknown (United Imaging writes hertz).
    nucleus : str
        Only that of hydrogen tells the field by its frequency.

    Returns
    -------
    float or None
        Tesla.
    {"header", "inferred", "unknown"}
        Where it comes from.
    tuple of str
        What has to be said about it.
    """
    if megahertz > 1e4:
        megahertz /= 1e6
    inferred = megahertz / PROTON_MHZ_PER_T if nucleus.upper() in ("1H", "H", "H1") else 0.0
    if not 0 < inferred <= MAX_FIELD_T:
        inferred = 0.0
    if stated is not None and MAX_FIELD_T * 10 < stated <= MAX_FIELD_T * 1e4:
        return stated / 1e4, "header", (f"the header gives the field as {stated:g}; taken as gauss",)
    if stated is not None and 0 < stated <= MAX_FIELD_T:
        if inferred and abs(inferred / stated - 1) > 0.15:
            told = f"the header says {stated:g} T but its imaging frequency {inferred:.3g} T; check the field"
            return stated, "header", (told,)
        return stated, "header", ()
    if inferred:
        return (
            round(inferred, 4),
            "inferred",
            ("the field is not in the header; inferred from the frequency",),
        )
    return None, "unknown", ("the field is not in the header; give it with --field",)
