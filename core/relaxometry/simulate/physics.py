"""What tissue and iron do to the signal at 3 T and 0.064 T: constants with their sources, and the equations.

Sources
-------
Bazelaire : C. de Bazelaire et al. 2004, Radiology 230:652, doi 10.1148/radiol.2303021331 (3 T, in vivo).
Bottomley : P. A. Bottomley et al. 1984, Med. Phys. 11:425, doi 10.1118/1.595535 (T1 = A nu^B from 1 to
    100 MHz; T2 does not depend on the frequency).
Stanisz : G. J. Stanisz et al. 2005, Magn. Reson. Med. 54:507, doi 10.1002/mrm.20605 (3 T).
Stupic : K. F. Stupic et al. 2021, Magn. Reson. Med. 86:1194, doi 10.1002/mrm.28779 (phantom liquids, 3 T).
UNITY : relaxation of the same liquids at 64 mT, UNITY QA paper, table relaxometry_NiCl_mimics.
Yablonskiy : D. A. Yablonskiy, E. M. Haacke 1994, Magn. Reson. Med. 32:749, doi 10.1002/mrm.1910320610.
Knobloch : G. Knobloch et al. 2018, Invest. Radiol. 53:257, doi 10.1097/RLI.0000000000000434
    (ferumoxytol in plasma at 37 C and 3 T).
Oberdick : S. D. Oberdick et al. 2023, Sci. Rep. 13, doi 10.1038/s41598-023-38222-6 (SPIO at 64 mT).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.constants import Boltzmann, mu_0, physical_constants

from core.errors import InputError

FIELDS_T = (3.0, 0.064)
"""B0, T: the fields for which every constant below is known."""

GYROMAGNETIC_RATIO_RAD_PER_S_PER_T: float = physical_constants["proton gyromag. ratio"][0]
IRON_MOLAR_MASS_G_PER_MOL = 55.845
TISSUE_DENSITY_G_PER_ML = 1.05
BODY_TEMPERATURE_K = 310.0

# --- the agent: an iron oxide like ferumoxytol, partly taken up by cells -------------------------------
SATURATION_A_M2_PER_KG_IRON = 90.0
"""M_s of iron-oxide nanocrystals per mass of iron; 0.7 of bulk magnetite, as usual for cores near 10 nm."""
CORE_DIAMETER_M = 10e-9
"""d, one effective core; real agents spread from 5 to 25 nm."""
CORE_SATURATION_A_PER_M = SATURATION_A_M2_PER_KG_IRON * 0.724 * 5180.0
"""M_s per volume of magnetite: 0.724 of its mass is iron, its density is 5180 kg/m^3."""
CLUSTERED_FRACTION = 0.4
"""phi, the share of the iron packed in cells, which dephases in the static regime; chosen so that r2*
lies between the free agent's 57 and the 680 L/(mmol s) of wholly packed iron."""
FREE_R2_PER_S_PER_MMOL_PER_L = 65.2
"""r2 of the free agent at saturation (Knobloch: 65.2 +- 1.8 at 3 T)."""
FREE_R2STAR_PER_S_PER_MMOL_PER_L = 55.7
"""r2* of the free agent at saturation (Knobloch: 55.7 +- 4.4 at 3 T)."""
FREE_R1_PER_S_PER_MMOL_PER_L = {3.0: 9.5, 0.064: 40.0}
"""r1 of the free agent: Knobloch at 3 T; at 64 mT of the order that Oberdick reports."""

# --- the surroundings ------------------------------------------------------------------------------------
SHIM_R2PRIME_PER_S = {3.0: 3.0, 0.064: 4.0}
"""R2' everywhere from what the shim leaves; permanent magnets of low-field scanners are the less even."""
FAT_SHIFT_PPM = -3.4
"""Chemical shift of fat's main line against water."""


@dataclass(frozen=True)
class Tissue:
    """Relaxation of one tissue without added iron.

    Parameters
    ----------
    proton_density : float
        Relative to water.
    t1_ms, t2_ms : tuple of float
        At 3 T and at 0.064 T.
    r2prime_per_s : float
        R2' at 3 T from the tissue's own susceptibility; proportional to B0 (Yablonskiy).
    shift_ppm : float
        Chemical shift against water.
    texture : float
        Relative spread of the proton density within the tissue.
    """

    proton_density: float
    t1_ms: tuple[float, float]
    t2_ms: tuple[float, float]
    r2prime_per_s: float
    shift_ppm: float = 0.0
    texture: float = 0.05


def _bottomley_t1_ms(a: float, b: float) -> float:
    frequency_hz = GYROMAGNETIC_RATIO_RAD_PER_S_PER_T / (2 * np.pi) * 0.064
    return float(1e3 * a * frequency_hz**b)


TISSUES: dict[str, Tissue] = {
    # Bazelaire at 3 T, Bottomley at 0.064 T
    "muscle": Tissue(0.80, (898.0, _bottomley_t1_ms(0.000455, 0.4203)), (29.0, 47.0), 6.0, texture=0.07),
    "liver": Tissue(0.82, (809.0, _bottomley_t1_ms(0.000534, 0.3799)), (34.0, 43.0), 10.0),
    "spleen": Tissue(0.88, (1328.0, _bottomley_t1_ms(0.00200, 0.3321)), (61.0, 62.0), 12.0),
    "kidney_cortex": Tissue(0.85, (1142.0, _bottomley_t1_ms(0.00745, 0.2488)), (76.0, 58.0), 8.0),
    "kidney_medulla": Tissue(0.90, (1545.0, 1.2 * _bottomley_t1_ms(0.00745, 0.2488)), (81.0, 68.0), 8.0),
    "fat": Tissue(0.85, (382.0, _bottomley_t1_ms(0.0113, 0.1743)), (68.0, 84.0), 10.0, FAT_SHIFT_PPM),
    "marrow": Tissue(0.55, (586.0, 220.0), (49.0, 60.0), 60.0, texture=0.12),
    # Stanisz at 3 T; T1 of water-like tissue falls little towards 0.064 T
    "blood": Tissue(0.90, (1932.0, 1100.0), (120.0, 180.0), 10.0),
    "cord": Tissue(0.85, (1080.0, 330.0), (78.0, 85.0), 6.0),
    # between the above: no measurement in mice at these fields was found
    "cortical_bone": Tissue(0.08, (500.0, 250.0), (2.0, 2.0), 150.0),
    "skin": Tissue(0.55, (900.0, 250.0), (28.0, 35.0), 12.0),
    "gas": Tissue(0.02, (1000.0, 1000.0), (20.0, 20.0), 100.0),
    "bowel_wall": Tissue(0.82, (1100.0, 320.0), (50.0, 60.0), 14.0),
    "bowel_content": Tissue(0.60, (900.0, 400.0), (75.0, 90.0), 25.0, texture=0.25),
    # tumours: T1 and T2 above those of their host tissue (Bottomley et al. 1987, doi 10.1118/1.596111)
    "tumour": Tissue(0.92, (1550.0, 420.0), (62.0, 76.0), 9.0, texture=0.08),
    "node": Tissue(0.90, (1400.0, 380.0), (66.0, 78.0), 8.0),
    # Stupic at 3 T, UNITY at 0.064 T: 1.64 mmol/L NiCl2
    "vial": Tissue(1.00, (706.0, 742.0), (510.0, 563.0), 1.0, texture=0.01),
}


def field_index(field_t: float) -> int:
    """Return which of FIELDS_T a field is.

    Raises
    ------
    InputError
        If the constants are not known at that field.
    """
    for index, known in enumerate(FIELDS_T):
        if abs(field_t - known) < 1e-6:
            return index
    known_fields = " and ".join(f"{known:g}" for known in FIELDS_T)
    raise InputError(f"the digital study knows {known_fields} T, not {field_t:g} T")


def magnetisation_share(field_t: float) -> float:
    """Return M/M_s of the agent's cores: the Langevin function of mu B0 / kT."""
    moment = CORE_SATURATION_A_PER_M * np.pi / 6 * CORE_DIAMETER_M**3
    x = moment * field_t / (Boltzmann * BODY_TEMPERATURE_K)
    return float(1 / np.tanh(x) - 1 / x)


def r2star_relaxivity(field_t: float) -> float:
    """Return the agent's r2* in tissue, L/(mmol s).

    The packed share dephases in the static regime, R2' = 2 pi / (3 sqrt 3) gamma mu_0 M / 3 (Yablonskiy,
    for spheres), proportional to the magnetisation M; the free share averages over fields by diffusion
    and goes with its square.
    """
    share = magnetisation_share(field_t)
    magnetisation_a_per_m = SATURATION_A_M2_PER_KG_IRON * share * IRON_MOLAR_MASS_G_PER_MOL * 1e-3
    edge_field_t = mu_0 * magnetisation_a_per_m / 3
    static = 2 * np.pi / (3 * np.sqrt(3)) * GYROMAGNETIC_RATIO_RAD_PER_S_PER_T * edge_field_t
    free = FREE_R2STAR_PER_S_PER_MMOL_PER_L * share**2
    return float(CLUSTERED_FRACTION * static + (1 - CLUSTERED_FRACTION) * free)


def r2_relaxivity(field_t: float) -> float:
    """Return the agent's r2 in a spin echo, L/(mmol s): static dephasing refocuses, the free share counts."""
    return (1 - CLUSTERED_FRACTION) * FREE_R2_PER_S_PER_MMOL_PER_L * magnetisation_share(field_t) ** 2


def r1_relaxivity(field_t: float) -> float:
    """Return the agent's r1 in tissue, L/(mmol s): packed iron reaches little water."""
    return (1 - CLUSTERED_FRACTION) * FREE_R1_PER_S_PER_MMOL_PER_L[FIELDS_T[field_index(field_t)]]


def iron_mmol_per_l(iron_ug_per_g: ArrayLike) -> NDArray[np.float64]:
    """Turn ug iron per g wet tissue into mmol per L of tissue."""
    return np.asarray(iron_ug_per_g) * TISSUE_DENSITY_G_PER_ML / IRON_MOLAR_MASS_G_PER_MOL


def iron_ug_per_g(mmol_per_l: ArrayLike) -> NDArray[np.float64]:
    """Turn mmol iron per L of tissue into ug per g wet tissue."""
    return np.asarray(mmol_per_l) * IRON_MOLAR_MASS_G_PER_MOL / TISSUE_DENSITY_G_PER_ML


def r2star_per_s(tissue: Tissue, field_t: float, mmol_per_l: ArrayLike = 0.0) -> NDArray[np.float64]:
    """Return R2* = 1/T2 + R2' + r2* [Fe] of a tissue that holds iron."""
    t2_s = 1e-3 * tissue.t2_ms[field_index(field_t)]
    own = 1 / t2_s + tissue.r2prime_per_s * field_t / 3.0
    shim = SHIM_R2PRIME_PER_S[FIELDS_T[field_index(field_t)]]
    return np.asarray(own + shim + r2star_relaxivity(field_t) * np.asarray(mmol_per_l))


def gradient_echo_s0(
    tissue: Tissue, field_t: float, mmol_per_l: ArrayLike, tr_ms: float, flip_deg: float
) -> NDArray[np.float64]:
    """Return the spoiled gradient echo's signal at TE 0, relative to water's equilibrium (Ernst)."""
    rate_per_s = 1e3 / tissue.t1_ms[field_index(field_t)] + r1_relaxivity(field_t) * np.asarray(mmol_per_l)
    e1 = np.exp(-1e-3 * tr_ms * rate_per_s)
    alpha = np.deg2rad(flip_deg)
    return np.asarray(tissue.proton_density * np.sin(alpha) * (1 - e1) / (1 - e1 * np.cos(alpha)))


def spin_echo_signal(
    tissue: Tissue, field_t: float, mmol_per_l: ArrayLike, tr_ms: float, te_ms: float
) -> NDArray[np.float64]:
    """Return a spin echo's signal at its effective TE, relative to water's equilibrium."""
    index = field_index(field_t)
    iron = np.asarray(mmol_per_l)
    r1 = 1e3 / tissue.t1_ms[index] + r1_relaxivity(field_t) * iron
    r2 = 1e3 / tissue.t2_ms[index] + r2_relaxivity(field_t) * iron
    return np.asarray(tissue.proton_density * (1 - np.exp(-1e-3 * tr_ms * r1)) * np.exp(-1e-3 * te_ms * r2))
