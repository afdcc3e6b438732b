"""The pictures of a volume and of surfaces in it, made by vtk off screen. Importing this imports vtk.

Pictures are asked for piece by piece, so that nobody waits for a large one: parallel rays know no seam.
"""

from __future__ import annotations

import ctypes
import sys

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkLogger, vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPiecewiseFunction, vtkPlane, vtkPolyData
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D, vtkPolyDataNormals, vtkWindowedSincPolyDataFilter
from vtkmodules.vtkRenderingCore import (
    vtkActor,
    vtkColorTransferFunction,
    vtkPolyDataMapper,
    vtkRenderer,
    vtkRenderWindow,
    vtkVolume,
    vtkVolumeProperty,
)
from vtkmodules.vtkRenderingVolumeOpenGL2 import vtkOpenGLGPUVolumeRayCastMapper

from core.errors import AppError
from widgets.volume_camera import Camera
from widgets.volume_grey import TOP_LEVEL, Cut, GreyVolume, Surface, opacity_points, opacity_unit_mm

translate = QCoreApplication.translate

Box = tuple[int, int, int, int]  # x, y, width, height

_USUAL_SAMPLES = 400  # along the diagonal
_GHOST = {True: 0.55, False: 0.3}  # opacity of surfaces behind tissue, with MIP and without


class GraphicsError(AppError):
    """There is no way to make 3D pictures here."""


class VolumeScene:
    """Holds the graphics memory; `close` gives it back.

    Raises
    ------
    GraphicsError
        If this machine offers no off-screen OpenGL.
    """

    def __init__(self) -> None:
        self._window = _off_screen_window()
        self._solid, self._ghost = vtkRenderer(), vtkRenderer()
        self._window.SetNumberOfLayers(2)
        self._ghost.SetLayer(1)
        for renderer in (self._solid, self._ghost):
            renderer.SetBackground(0.0, 0.0, 0.0)
            renderer.GetActiveCamera().ParallelProjectionOn()
            self._window.AddRenderer(renderer)
        self._ghost.SetActiveCamera(self._solid.GetActiveCamera())
        self._mapper = vtkOpenGLGPUVolumeRayCastMapper()
        self._mapper.SetAutoAdjustSampleDistances(False)
        self._mapper.SetUseJittering(False)
        self._volume = vtkVolume()
        self._volume.SetMapper(self._mapper)
        self._property = vtkVolumeProperty()
        self._property.SetInterpolationTypeToLinear()
        self._volume.SetProperty(self._property)
        self._grey: GreyVolume | None = None
        self._brightest = True
        self._actors: dict[str, tuple[Surface, tuple[vtkActor, vtkActor]]] = {}
        self._pixels = vtkUnsignedCharArray()

    def close(self) -> None:
        """Give back what the graphics hold. The scene is of no use afterwards."""
        for renderer in (self._solid, self._ghost):
            renderer.RemoveAllViewProps()
        self._mapper.ReleaseGraphicsResources(self._window)
        self._window.Finalize()
        for renderer in (self._solid, self._ghost):
            self._window.RemoveRenderer(renderer)
        self._actors.clear()
        self._grey = None

    # ---- what is in it

    def set_volume(self, grey: GreyVolume | None) -> None:
        """Show a volume."""
        if grey is self._grey:
            return
        self._grey = grey
        self._solid.RemoveVolume(self._volume)
        if grey is None:
            return
        image = vtkImageData()
        image.SetDimensions(*grey.levels.shape[::-1])
        image.SetSpacing(*grey.spacing_mm[::-1])
        # without a copy: vtk keeps the array alive
        image.GetPointData().SetScalars(numpy_to_vtk(grey.levels.reshape(-1)))
        self._mapper.SetInputData(image)
        # vtk counts columns first, we slices
        turned = np.eye(4)
        turned[:3, :3] = (grey.matrix[:3, :3] / np.asarray(grey.spacing_mm))[:, ::-1]
        turned[:3, 3] = grey.matrix[:3, 3]
        placed = vtkMatrix4x4()
        placed.DeepCopy(turned.reshape(-1))
        self._volume.SetUserMatrix(placed)
        self._property.SetScalarOpacityUnitDistance(opacity_unit_mm(grey))
        self._solid.AddVolume(self._volume)

    def set_look(self, low: float, high: float, *, brightest: bool) -> None:
        """Show levels from `low` (black) to `high` (white), by their maximum (MIP) or as a body."""
        grey, opacity = vtkColorTransferFunction(), vtkPiecewiseFunction()
        for level, shade in ((low, 0.0), (max(high, low + 1e-3), 1.0)):
            grey.AddRGBPoint(level, shade, shade, shade)
        if brightest:
            self._mapper.SetBlendModeToMaximumIntensity()
            # black where nothing lights up: then a pixel is as grey as in the 2D views
            for level in (0.0, float(TOP_LEVEL)):
                opacity.AddPoint(level, 1.0)
        else:
            self._mapper.SetBlendModeToComposite()
            for level, part in opacity_points(low, high):
                opacity.AddPoint(level, part)
        self._brightest = brightest
        self._property.SetColor(grey)
        self._property.SetScalarOpacity(opacity)

    def set_cuts(self, cuts: tuple[Cut, ...]) -> None:
        """Cut the volume; surfaces stay whole, so that a tumour stands out of the face of the cut."""
        self._mapper.RemoveAllClippingPlanes()
        for cut in cuts:
            along = np.eye(3)[cut.axis]
            plane = vtkPlane()
            plane.SetOrigin(*(cut.at_mm * along))
            plane.SetNormal(*(cut.keeps * along))
            self._mapper.AddClippingPlane(plane)

    def set_surfaces(self, surfaces: tuple[Surface, ...]) -> None:
        """Show surfaces; one whose key, mask and place are known is not computed again."""
        kept = {}
        for surface in surfaces:
            known = self._actors.get(surface.key)
            if known is not None and known[0].mask is surface.mask and known[0].matrix is surface.matrix:
                kept[surface.key] = (surface, known[1])
            elif surface.mask.any():
                kept[surface.key] = (surface, _actors(surface))
        for renderer in (self._solid, self._ghost):
            for _, actors in self._actors.values():
                for actor in actors:
                    renderer.RemoveActor(actor)
        self._actors = kept
        for _, (solid, ghost) in kept.values():
            self._solid.AddActor(solid)
            self._ghost.AddActor(ghost)

    # ---- pictures

    def bounds_mm(self) -> NDArray[np.float64]:
        """Return points, shape (n, 3) in LPS mm, whose hull holds all that is shown."""
        parts = [np.zeros((0, 3))] if self._grey is None else [self._grey.corners_mm]
        for _, (solid, _) in self._actors.values():
            x0, x1, y0, y1, z0, z1 = solid.GetBounds()
            parts.append(np.array([(x, y, z) for x in (x0, x1) for y in (y0, y1) for z in (z0, z1)]))
        return np.concatenate(parts)

    def picture(
        self, camera: Camera, size: tuple[float, float], scale: float, box: Box, *, coarse: bool
    ) -> NDArray[np.uint8]:
        """Return a piece of the picture as RGBA, shape (height, width, 4).

        `size` is the widget's; the whole picture has `scale` pixels for each of its own; `box` is the piece.
        """
        x, y, width, height = box
        middle = camera.position((x + width / 2) / scale, (y + height / 2) / scale, size)
        into = camera.axes[2]
        reach = (self.bounds_mm() - middle) @ into
        near, far = (float(reach.min()), float(reach.max())) if reach.size else (-1.0, 1.0)
        margin = 1.0 + 0.05 * (far - near)
        eye = self._solid.GetActiveCamera()
        eye.SetPosition(*(middle + (near - 2 * margin) * into))
        eye.SetFocalPoint(*(middle + (far + margin) * into))
        eye.SetViewUp(*-camera.axes[1])
        eye.SetParallelScale(height / scale / camera.px_per_mm / 2)
        eye.SetClippingRange(margin, far - near + 3 * margin)
        for _, (solid, ghost) in self._actors.values():
            solid.SetVisibility(not self._brightest or self._grey is None)
            ghost.GetProperty().SetOpacity(_GHOST[self._brightest])
        if self._grey is not None:
            longer = (3.0 if self._brightest else 5.0) if coarse else 1.0
            self._mapper.SetSampleDistance(self._step_mm(self._grey) * longer)
        self._window.SetSize(width, height)
        self._window.Render()
        self._window.GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, self._pixels)
        flat = vtk_to_numpy(self._pixels)
        return np.ascontiguousarray(flat.reshape(height, width, 4)[::-1])

    def _step_mm(self, grey: GreyVolume) -> float:
        """Return how far apart a ray takes its samples: the finer, the fewer voxels there are."""
        voxel = min(grey.spacing_mm)
        # a body needs finer steps than a maximum, or it shows rings like those of wood
        most = voxel if self._brightest else 0.7 * voxel
        return min(max(grey.diagonal_mm / _USUAL_SAMPLES, voxel / 4), most)


def _off_screen_window() -> vtkRenderWindow:
    if sys.platform != "linux":
        window = vtkRenderWindow()
        window.SetShowWindow(False)
    else:
        try:
            # vtk ends the process where this is missing
            ctypes.CDLL("libEGL.so.1")
        except OSError as error:
            missing = translate("VolumeView", "No 3D here: the library libEGL is missing; install libegl1")
            raise GraphicsError(missing) from error
        from vtkmodules.vtkRenderingOpenGL2 import vtkEGLRenderWindow  # noqa: PLC0415 - Linux alone has it

        window = vtkEGLRenderWindow()
    window.SetOffScreenRendering(True)
    window.SetMultiSamples(0)
    window.SetSize(64, 64)
    # what vtk would print here is told in the pane
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_OFF)
    works = window.SupportsOpenGL()
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_INFO)
    if not works:
        raise GraphicsError(
            translate("VolumeView", "No 3D here: this machine offers no off-screen OpenGL 3.2")
        )
    return window


def _actors(surface: Surface) -> tuple[vtkActor, vtkActor]:
    body = surface_of(surface)
    made = []
    for ghost in (False, True):
        mapper = vtkPolyDataMapper()
        mapper.SetInputData(body)
        mapper.ScalarVisibilityOff()
        actor = vtkActor()
        actor.SetMapper(mapper)
        look = actor.GetProperty()
        look.SetColor(*(int(surface.colour[k : k + 2], 16) / 255 for k in (1, 3, 5)))
        look.SetAmbient(0.25)
        look.SetDiffuse(0.75)
        look.SetSpecular(0.0 if ghost else 0.15)
        look.SetSpecularPower(20)
        # of a ghost the near side alone: two sides would shine through each other
        look.SetBackfaceCulling(ghost)
        made.append(actor)
    return made[0], made[1]


def surface_of(surface: Surface) -> vtkPolyData:
    """Return the smoothed boundary of a region, in LPS mm.

    The windowed sinc filter (Taubin 1996) keeps a body's size: of spheres 6 to 12 voxels in radius it takes
    one part in a hundred, surface nets with vtk's own smoothing up to a fifth.
    """
    taken = [np.flatnonzero(surface.mask.any(axis=tuple({0, 1, 2} - {axis}))) for axis in range(3)]
    first, last = (np.array([ends[k] for ends in taken]) for k in (0, -1))
    inner = surface.mask[tuple(slice(a, b + 1) for a, b in zip(first, last, strict=True))]
    room = np.pad(inner, 1).astype(np.uint8)
    image = vtkImageData()
    image.SetDimensions(*room.shape[::-1])
    image.GetPointData().SetScalars(numpy_to_vtk(room.reshape(-1)))
    edges = vtkFlyingEdges3D()
    edges.SetInputData(image)
    edges.SetValue(0, 0.5)
    edges.ComputeNormalsOff()
    edges.ComputeScalarsOff()
    smooth = vtkWindowedSincPolyDataFilter()
    smooth.SetInputConnection(edges.GetOutputPort())
    smooth.SetNumberOfIterations(25)
    smooth.SetPassBand(0.05)
    smooth.NormalizeCoordinatesOn()
    smooth.FeatureEdgeSmoothingOff()
    smooth.BoundarySmoothingOff()
    smooth.Update()
    found = smooth.GetOutput()
    index = vtk_to_numpy(found.GetPoints().GetData()).astype(np.float64)[:, ::-1] + first - 1
    points = index @ surface.matrix[:3, :3].T + surface.matrix[:3, 3]
    found.GetPoints().SetData(numpy_to_vtk(np.ascontiguousarray(points), deep=True))
    normals = vtkPolyDataNormals()
    normals.SetInputData(found)
    normals.ConsistencyOn()
    normals.AutoOrientNormalsOn()
    normals.SplittingOff()
    normals.Update()
    return normals.GetOutput()
