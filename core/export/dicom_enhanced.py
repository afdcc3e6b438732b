"""The header of an Enhanced MR multi-frame file (PS3.3 A.36.2)."""

from __future__ import annotations

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import EnhancedMRImageStorage

from core.export.dicom_header import (
    LARMOR_MHZ_PER_T,
    RADIANS_PER_LEVEL,
    Device,
    Examination,
    Identity,
    MrSeries,
    common_dataset,
    decimal_string,
    item_of,
    orientation,
    spacing,
    uid_of,
    window,
)


def enhanced_template(
    identity: Identity, examination: Examination, device: Device, series: MrSeries
) -> Dataset:
    """Return everything but UID, frames and pixels."""
    dataset = common_dataset(identity, examination, device, series, EnhancedMRImageStorage)
    dataset.InstanceNumber = 1
    dataset.AcquisitionNumber = series.number
    dataset.AcquisitionDateTime = series.begun.strftime("%Y%m%d%H%M%S")
    dataset.AcquisitionDuration = _acquisition_seconds(series)
    dataset.AcquisitionContextSequence = []
    dataset.BurnedInAnnotation = "NO"
    dataset.LossyImageCompression = "00"
    dataset.PresentationLUTShape = "IDENTITY"
    dataset.ContentQualification = "RESEARCH"
    dataset.ImageComments = series.description
    _describe_frames(dataset, series)
    dataset.ImageType = dataset.FrameType
    del dataset.FrameType
    dataset.ResonantNucleus = "1H"
    dataset.MagneticFieldStrength = device.field_t
    dataset.KSpaceFiltering = "NONE"
    dataset.ApplicableSafetyStandardAgency = "IEC"
    dataset.ApplicableSafetyStandardDescription = "IEC 60601-2-33"
    _pulse_sequence(dataset, series)
    _dimensions(dataset, series)
    dataset.SharedFunctionalGroupsSequence = [_shared(series, device)]
    return dataset


def _acquisition_seconds(series: MrSeries) -> float:
    lines = series.geometry.shape[1] * (series.geometry.shape[0] if series.three_d else 1)
    shots = lines / (series.echo_train if series.sequence == "SE" else 1)
    return float(np.ceil(shots) * series.tr_ms * 1e-3)


def _describe_frames(target: Dataset, series: MrSeries) -> None:
    """Say what the picture shows (PS3.3 C.8.13.3.1): Image Type's four values and their companions."""
    contrast = "T2" if series.sequence == "SE" else ("T1" if series.three_d else "T2_STAR")
    target.FrameType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    target.PixelPresentation = "MONOCHROME"
    target.VolumetricProperties = "VOLUME"
    target.VolumeBasedCalculationTechnique = "NONE"
    target.ComplexImageComponent = series.part.upper()
    target.AcquisitionContrast = contrast


def _pulse_sequence(dataset: Dataset, series: MrSeries) -> None:
    """Fill the MR Pulse Sequence module (PS3.3 C.8.13.4)."""
    spin = series.sequence == "SE"
    dataset.PulseSequenceName = series.description[:16]
    dataset.MRAcquisitionType = "3D" if series.three_d else "2D"
    dataset.EchoPulseSequence = "SPIN" if spin else "GRADIENT"
    dataset.MultiPlanarExcitation = "NO" if series.three_d else "YES"
    dataset.PhaseContrast = "NO"
    dataset.TimeOfFlightContrast = "NO"
    dataset.SteadyStatePulseSequence = "NONE"
    dataset.EchoPlanarPulseSequence = "NO"
    dataset.SaturationRecovery = "NO"
    dataset.SpectrallySelectedSuppression = "NONE"
    dataset.OversamplingPhase = "NONE"
    dataset.GeometryOfKSpaceTraversal = "RECTILINEAR"
    dataset.RectilinearPhaseEncodeReordering = "LINEAR"
    dataset.SegmentedKSpaceTraversal = "PARTIAL" if spin else "SINGLE"
    dataset.NumberOfKSpaceTrajectories = 1
    if spin:
        dataset.MultipleSpinEcho = "NO"
    if series.three_d:
        dataset.CoverageOfKSpace = "FULL"


def _dimensions(dataset: Dataset, series: MrSeries) -> None:
    """Fill the Multi-frame Dimension module (PS3.3 C.7.6.17): stack position, then echo time."""
    organization = uid_of(dataset.SeriesInstanceUID, "dimensions")
    dataset.DimensionOrganizationSequence = [item_of(DimensionOrganizationUID=organization)]
    pointers = [(0x00209057, 0x00209111, "position in stack"), (0x00189082, 0x00189114, "echo time")]
    dataset.DimensionIndexSequence = [
        item_of(
            DimensionOrganizationUID=organization,
            DimensionIndexPointer=pointer,
            FunctionalGroupPointer=group,
            DimensionDescriptionLabel=label,
        )
        for pointer, group, label in pointers
    ]


def _shared(series: MrSeries, device: Device) -> Dataset:
    """Return the functional groups that all frames share (PS3.3 A.36.2.4)."""
    geometry = series.geometry
    thickness_mm = geometry.spacing_mm[0]
    shared = item_of(
        PixelMeasuresSequence=[
            item_of(
                PixelSpacing=spacing(geometry),
                SliceThickness=decimal_string(thickness_mm),
                SpacingBetweenSlices=decimal_string(thickness_mm),
            )
        ],
        PlaneOrientationSequence=[item_of(ImageOrientationPatient=orientation(geometry))],
        FrameAnatomySequence=[
            item_of(
                FrameLaterality="U",
                AnatomicRegionSequence=[_code("818981001", "SCT", "Abdomen")],
            )
        ],
        PixelValueTransformationSequence=[_rescale(series)],
        MRTimingAndRelatedParametersSequence=[_timing(series)],
        MRFOVGeometrySequence=[_field_of_view(series)],
        MRModifierSequence=[_modifier(series)],
        MRImagingModifierSequence=[_imaging_modifier(device)],
        MRReceiveCoilSequence=[
            item_of(
                ReceiveCoilName="mouse volume",
                ReceiveCoilManufacturerName=device.manufacturer,
                ReceiveCoilType="VOLUME",
                QuadratureReceiveCoil="YES",
            )
        ],
        MRTransmitCoilSequence=[
            item_of(
                TransmitCoilName="mouse volume",
                TransmitCoilManufacturerName=device.manufacturer,
                TransmitCoilType="VOLUME",
            )
        ],
        FrameVOILUTSequence=[window(series)],
        MRAveragesSequence=[item_of(NumberOfAverages=1.0)],
    )
    frame_type = Dataset()
    _describe_frames(frame_type, series)
    shared.MRImageFrameTypeSequence = [frame_type]
    return shared


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    return item_of(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def _rescale(series: MrSeries) -> Dataset:
    phase = series.part == "phase"
    return item_of(
        RescaleIntercept=decimal_string(-np.pi) if phase else "0",
        RescaleSlope=decimal_string(RADIANS_PER_LEVEL) if phase else "1",
        RescaleType="US",
    )


def _timing(series: MrSeries) -> Dataset:
    spin = series.sequence == "SE"
    return item_of(
        RepetitionTime=decimal_string(series.tr_ms),
        FlipAngle=decimal_string(series.flip_deg),
        EchoTrainLength=series.echo_train,
        RFEchoTrainLength=series.echo_train if spin else 0,
        GradientEchoTrainLength=0 if spin else series.echo_train,
        SpecificAbsorptionRateSequence=[
            item_of(SpecificAbsorptionRateDefinition="IEC_WHOLE_BODY", SpecificAbsorptionRateValue=0.1)
        ],
        OperatingModeSequence=[
            item_of(OperatingModeType=kind, OperatingMode="IEC_NORMAL")
            for kind in ("STATIC FIELD", "RF", "GRADIENT")
        ],
        GradientOutputType="DB_DT",
        GradientOutput=0.0,
    )


def _field_of_view(series: MrSeries) -> Dataset:
    slices, rows, columns = series.geometry.shape
    item = item_of(
        InPlanePhaseEncodingDirection="ROW",
        MRAcquisitionFrequencyEncodingSteps=columns,
        MRAcquisitionPhaseEncodingStepsInPlane=rows,
        PercentSampling="100",
        PercentPhaseFieldOfView="100",
    )
    if series.three_d:
        item.MRAcquisitionPhaseEncodingStepsOutOfPlane = slices
    return item


def _modifier(series: MrSeries) -> Dataset:
    item = item_of(
        InversionRecovery="NO",
        FlowCompensation="NONE",
        SpatialPresaturation="NONE",
        SpectrallySelectedExcitation="NONE",
        T2Preparation="NO",
        PartialFourier="NO",
        ParallelAcquisition="NO",
    )
    if series.sequence == "GR":
        item.Spoiling = "RF"
    return item


def _imaging_modifier(device: Device) -> Dataset:
    return item_of(
        MagnetizationTransfer="NONE",
        BloodSignalNulling="NO",
        Tagging="NONE",
        TransmitterFrequency=device.field_t * LARMOR_MHZ_PER_T,
        PixelBandwidth="500",
    )


def frame_groups(series: MrSeries, echo: int, k: int) -> Dataset:
    """Return the functional groups of one frame."""
    position = series.geometry.to_mm((k, 0, 0))
    content = item_of(
        FrameAcquisitionDateTime=series.begun.strftime("%Y%m%d%H%M%S"),
        FrameReferenceDateTime=series.begun.strftime("%Y%m%d%H%M%S"),
        FrameAcquisitionDuration=1e3 * _acquisition_seconds(series),
        StackID="1",
        InStackPositionNumber=k + 1,
        DimensionIndexValues=[k + 1, echo + 1],
    )
    te_ms = float(series.te_ms[echo])
    return item_of(
        FrameContentSequence=[content],
        PlanePositionSequence=[item_of(ImagePositionPatient=[decimal_string(value) for value in position])],
        MREchoSequence=[item_of(EffectiveEchoTime=te_ms)],
    )
