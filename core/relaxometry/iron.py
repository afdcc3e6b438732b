"""Tissue iron from R2*: [Fe] = (R2* - R2*_0) / relaxivity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.relaxometry.calibration import Calibration
from core.relaxometry.fit import R2StarMaps

# g/mol: conventional atomic weight, IUPAC 2021 (doi 10.1515/pac-2019-0603); mmol/L x g/mol = ug/mL
IRON_MOLAR_MASS = 55.845
# g/mL: soft tissue (muscle 1.05; ICRU report 44)
TISSUE_DENSITY = 1.05
# Currie 1968 (doi 10.1021/ac60259a007): both errors 5 %, blank as uncertain as the sample
DETECTION_FACTOR = 3.29


@dataclass(frozen=True, eq=False)
class IronMaps:
    """Iron of every voxel; arrays are (slice, row, column), NaN where R2* is.

    Parameters
    ----------
    iron_mmol_per_l, iron_ug_per_g : float32 array
        Iron per volume and per wet mass.
    se_ug_per_g : float32 array
        Standard error from the fit, the calibration and R2*_0.
    detection_limit_ug_per_g : float32 array
        3.29 standard errors at no iron (Currie 1968): below it iron cannot be told from none.
    geometry : Geometry
        The grid.
    relaxivity_relative_se : float
        Part of the error that all voxels share.
    """

    iron_mmol_per_l: NDArray[np.float32]
    iron_ug_per_g: NDArray[np.float32]
    se_ug_per_g: NDArray[np.float32]
    detection_limit_ug_per_g: NDArray[np.float32]
    geometry: Geometry
    relaxivity_relative_se: float

    @property
    def below_limit(self) -> NDArray[np.bool_]:
        """Where iron is below the limit of detection; False where there is no value."""
        return np.asarray(self.iron_ug_per_g < self.detection_limit_ug_per_g)


def iron_map(
    maps: R2StarMaps,
    calibration: Calibration,
    *,
    r2star0_per_s: ArrayLike,
    r2star0_se_per_s: ArrayLike = 0.0,
    density_g_per_ml: float = TISSUE_DENSITY,
) -> IronMaps:
    """Turn R2* into iron.

    Parameters
    ----------
    maps : R2StarMaps
        The fit.
    calibration : Calibration
        Of the same field.
    r2star0_per_s, r2star0_se_per_s : float or array, shape (slice, row, column)
        R2* without the agent and its standard error, in 1/s: one value, or a map on the same grid.
    density_g_per_ml : float
        Wet tissue.

    Raises
    ------
    InputError
        If the calibration is of another field, or R2*_0 or the density do not serve.
    """
    calibration.check_field(maps.field_t)
    r2star0 = _fitting(r2star0_per_s, maps.geometry, "R2*_0")
    r2star0_se = _fitting(r2star0_se_per_s, maps.geometry, "the standard error of R2*_0")
    if not density_g_per_ml > 0:
        raise InputError(f"the density must be positive, in g/mL, not {density_g_per_ml}")
    relaxivity = calibration.relaxivity
    iron = (maps.r2star_per_s - r2star0) / relaxivity.value
    shared = relaxivity.se / relaxivity.value if np.isfinite(relaxivity.se) else 0.0
    own = np.hypot(maps.se_per_s, r2star0_se) / relaxivity.value
    to_mass = IRON_MOLAR_MASS / density_g_per_ml
    return IronMaps(
        iron_mmol_per_l=iron.astype(np.float32),
        iron_ug_per_g=(iron * to_mass).astype(np.float32),
        se_ug_per_g=(np.hypot(own, iron * shared) * to_mass).astype(np.float32),
        detection_limit_ug_per_g=(DETECTION_FACTOR * own * to_mass).astype(np.float32),
        geometry=maps.geometry,
        relaxivity_relative_se=shared,
    )


def _fitting(value: ArrayLike, geometry: Geometry, what: str) -> NDArray[np.float32]:
    array = np.asarray(value, dtype=np.float32)
    if array.shape not in ((), geometry.shape):
        raise InputError(f"{what} has shape {array.shape}, the map {geometry.shape}; resample it first")
    if array.shape == () and not (np.isfinite(array) and array >= 0):
        raise InputError(f"{what} must be a number of 0 or more, not {array}")
    return array
