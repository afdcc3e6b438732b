"""Evening out: all scans of a field get one field of view, matrix and number of slices before kits are dealt.

What differs between visits by its frame alone tells them apart (`core.study.tells`). Cropping leaves every
voxel as it is; resampling interpolates, and maps are fitted anew to the pixels that are dealt. It is done
once for the study and not for a kit, so that all raters read, and all statistics measure, the same pixels.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import sqlalchemy as sa

from core.errors import InputError
from core.files import whole_folder
from core.imaging.common_grid import Ball, common_crops, common_grids
from core.imaging.geometry import Geometry
from core.imaging.resampling import resample
from core.imaging.volume import EchoSeries, Volume
from core.progress import Progress, Silent
from core.relaxometry.calibration import Calibration, same_field
from core.relaxometry.fit import fit_r2star
from core.relaxometry.iron import iron_map
from core.relaxometry.mask import auto_mask
from core.study import tables as t
from core.study.audit import append, canonical
from core.study.kit_state import grid_text
from core.study.people import require
from core.study.pictures import OWN_GRID, VOLUMES, Picture, volumes_of, write_pictures
from core.study.records import Scan, ScanImages
from core.study.store import Study

How = Literal["crop", "resample"]


@dataclass(frozen=True)
class Evened:
    """What became of the scans: how many, and each field's grid in words."""

    how: How
    scans: int
    grids: tuple[str, ...]


def even_out(study: Study, how: How, progress: Progress | None = None) -> Evened:
    """Bring all scans of each field to one grid, and all their other pictures, kind by kind.

    Pictures as they were scanned stay in the study's folder; the audit trail says which they are. A study
    that was evened out so, and has got no other scan since, stays as it is.

    Parameters
    ----------
    study : Study
    how : {"crop", "resample"}
        Cut to what all have in common, voxels as they are; or interpolate to the coarsest voxels, as linear
        as SimpleITK does, and fit the maps anew.
    progress : Progress, optional
        Told after every scan; cancelled() stops with InputError and leaves the study as it was.

    Raises
    ------
    InputError
        If kits are dealt, spacings differ where they are to be cropped, or what all have in common would cut
        off a target; scan and target are named.
    """
    require(study, "even_out")
    progress = progress or Silent()
    scans = study.scans()
    if scans and all(study.images(scan.scan_id).facts.get("evened") == how for scan in scans):
        return _told(study, scans, how)
    if study.kits():
        raise InputError(
            "kits are dealt already, and their readings belong to pixels as they are; "
            "scans are evened out before the first kit"
        )
    wanted = _wanted(study, scans, how)
    calibrations, written = study.calibrations(), dict[str, tuple[str, ScanImages, list[Picture]]]()
    try:
        for done, scan in enumerate(scans):
            if progress.cancelled():
                raise InputError("evening out was stopped; the study is as it was")
            progress.report(done / len(scans), "evening out the scans")
            before = study.images(scan.scan_id)
            after = _evened(before, wanted[scan.scan_id], how, calibrations)
            folder = f"evened-{uuid.uuid4().hex[:8]}"
            written[scan.scan_id] = (folder, after, [])
            with whole_folder(study.path / "maps" / scan.scan_id / folder, result=False) as draft:
                written[scan.scan_id][2].extend(write_pictures(draft, volumes_of(after)))
        _keep(study, how, written)
    except BaseException:
        for scan_id, (folder, _, _) in written.items():
            shutil.rmtree(study.path / "maps" / scan_id / folder, ignore_errors=True)
        raise
    return _told(study, scans, how)


def _wanted(study: Study, scans: Sequence[Scan], how: How) -> dict[str, dict[str, Geometry]]:
    """Return by scan the grid that each kind of picture gets: "echoes", "anatomy" and "gre3d"."""
    find = common_crops if how == "crop" else common_grids
    grids: dict[tuple[float, str], dict[str, Geometry]] = {}
    for scan in scans:
        images = study.images(scan.scan_id)
        grids.setdefault((scan.field_t, "echoes"), {})[scan.scan_id] = images.echoes.geometry
        for role in OWN_GRID:
            volume: Volume | None = getattr(images, VOLUMES[role])
            if volume is not None:
                grids.setdefault((scan.field_t, role), {})[scan.scan_id] = volume.geometry
    wanted: dict[str, dict[str, Geometry]] = {scan.scan_id: {} for scan in scans}
    # the echoes come first: the other pictures are laid about the place that they show
    for (field_t, role), of_role in sorted(
        grids.items(), key=lambda item: (item[0][0], item[0][1] != "echoes")
    ):
        near = None if role == "echoes" else {each: _middle(wanted[each]["echoes"]) for each in of_role}
        try:
            found = find(of_role, _balls(study, scans, of_role), near)
        except InputError as error:
            raise InputError(f"{field_t:g} T, {role}: {error}") from error
        for scan_id, grid in found.items():
            wanted[scan_id][role] = grid
    return wanted


def _balls(study: Study, scans: Sequence[Scan], grids: Mapping[str, Geometry]) -> dict[str, list[Ball]]:
    """Return by scan the targets whose centres its picture holds."""
    balls: dict[str, list[Ball]] = {}
    for scan in scans:
        for target in study.targets():
            shown = scan.scan_id in grids and target.centre_mm is not None
            if shown and target.subject == scan.subject and grids[scan.scan_id].holds(target.centre_mm or ()):
                name = f"{target.target} of {scan.subject}, {scan.visit}"
                ball = Ball(name, target.centre_mm or (0.0, 0.0, 0.0), (target.diameter_mm or 0.0) / 2)
                balls.setdefault(scan.scan_id, []).append(ball)
    return balls


def _evened(
    images: ScanImages, wanted: Mapping[str, Geometry], how: How, calibrations: Sequence[Calibration]
) -> ScanImages:
    """Return a scan's pictures on the grids wanted."""
    own: dict[str, Any] = {
        VOLUMES[role]: _brought(volume, wanted[role])
        for role in OWN_GRID
        if (volume := getattr(images, VOLUMES[role])) is not None
    }
    grid, before = wanted["echoes"], images.echoes
    magnitude = [_brought(Volume(echo, before.geometry), grid).data for echo in before.magnitude]
    echoes = EchoSeries(np.stack(magnitude), before.te_ms, grid, None, before.field_t)
    as_scanned = {"shape": before.geometry.shape, "spacing_mm": before.geometry.spacing_mm}
    facts = {**images.facts, "evened": how, "as_scanned": images.facts.get("as_scanned", as_scanned)}
    made = replace(images, echoes=echoes, facts=facts, **own)
    if how == "resample":
        return _with_maps(made, calibrations)
    maps: dict[str, Any] = {
        name: _brought(volume, grid)
        for role, name in VOLUMES.items()
        if role not in OWN_GRID and (volume := getattr(images, name)) is not None
    }
    return replace(made, **maps)


def _brought(volume: Volume, grid: Geometry) -> Volume:
    """Cut a picture where its own voxels are wanted, else interpolate; whole numbers stay whole."""
    start = volume.geometry.to_index(grid.affine[:3, 3])
    first = np.rint(start).astype(int)
    if np.allclose(start, first, atol=1e-3) and np.allclose(
        volume.geometry.affine[:3, :3], grid.affine[:3, :3], atol=1e-6
    ):
        part = tuple(slice(low, low + count) for low, count in zip(first, grid.shape, strict=True))
        return Volume(volume.data[part].copy(), grid)
    data = resample(volume, grid).data
    # a scanner's pictures are whole numbers; files of another size would tell which were interpolated
    whole = np.array_equal(volume.data, np.rint(volume.data))
    return Volume(np.rint(data) if whole else data, grid)


def _with_maps(images: ScanImages, calibrations: Sequence[Calibration]) -> ScanImages:
    """Fit the maps to the pixels that are dealt, iron with the R2*_0 that the scan's map had."""
    series, grid, facts = images.echoes, images.echoes.geometry, images.facts
    maps = fit_r2star(series, mask=auto_mask(series))
    made = replace(
        images,
        r2star_per_s=Volume(maps.r2star_per_s, grid),
        r2star_se_per_s=Volume(maps.se_per_s, grid),
        flags=Volume(maps.flags, grid),
        iron_ug_per_g=None,
        iron_se_ug_per_g=None,
        sigma=maps.sigma,
        fit_method=maps.method,
        facts={**facts, "sigma_method": maps.noise.method},
    )
    fitting = [each for each in calibrations if same_field(each.field_t, float(series.field_t or 0.0))]
    if images.iron_ug_per_g is None or not fitting:
        return made
    start, se = float(str(facts["r2star0_per_s"])), float(str(facts["r2star0_se_per_s"]))
    iron = iron_map(maps, fitting[0], r2star0_per_s=start, r2star0_se_per_s=se)
    return replace(
        made,
        iron_ug_per_g=Volume(iron.iron_ug_per_g, grid),
        iron_se_ug_per_g=Volume(iron.se_ug_per_g, grid),
    )


def _keep(study: Study, how: How, written: Mapping[str, tuple[str, ScanImages, list[Picture]]]) -> None:
    """Put the new pictures in the place of the old ones, all in one transaction."""
    with study.database.transaction() as connection:
        for scan_id, (folder, images, pictures) in written.items():
            of_scan = (t.images.c.scan_id == scan_id,)
            before = connection.execute(sa.select(t.images.c.file, t.images.c.sha256).where(*of_scan)).all()
            connection.execute(t.images.delete().where(*of_scan))
            for picture in pictures:
                row = {**vars(picture), "file": f"{folder}/{picture.file}"}
                connection.execute(t.images.insert().values(scan_id=scan_id, **row))
            grid = grid_text(images.echoes.geometry)
            sigma = float(images.sigma) if np.isfinite(images.sigma) else None
            facts = canonical({**images.facts, "sigma": sigma, "method": images.fit_method})
            row = {"grid": grid, "facts": facts}
            connection.execute(t.scans.update().where(t.scans.c.scan_id == scan_id).values(**row))
            append(
                connection, t.audit, "even_out", how=how, scan=scan_id, grid=json.loads(grid),
                before=[list(each) for each in sorted(map(tuple, before))],
                after=[[f"{folder}/{each.file}", each.sha256] for each in pictures],
            )  # fmt: skip


def _told(study: Study, scans: Sequence[Scan], how: How) -> Evened:
    grids, fields = study.grids(), {scan.field_t: scan.scan_id for scan in scans}
    lines = []
    for field_t, scan_id in sorted(fields.items()):
        grid = grids[scan_id]
        matrix = " x ".join(map(str, grid.shape))
        spacing = " x ".join(f"{length:.3g}" for length in grid.spacing_mm)
        lines.append(f"{field_t:g} T: {matrix} voxels of {spacing} mm")
    return Evened(how, len(scans), tuple(lines))


def _middle(grid: Geometry) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return grid.to_mm((np.asarray(grid.shape) - 1) / 2)
