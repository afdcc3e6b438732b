"""DIMSE: C-FIND, C-GET, C-MOVE and C-STORE (PS3.4 annexes B and C, PS3.7 chapter 9)."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataset import Dataset
from pydicom.uid import (
    JPEG2000,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)
from pynetdicom import AE, _config, build_context, build_role, evt
from pynetdicom.association import Association
from pynetdicom.sop_class import (  # type: ignore[attr-defined]
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
)
from pynetdicom.transport import ThreadedAssociationServer

from readers.pacs.model import Instance, Keep, Level, LinkLostError, PacsError, Server

# its handlers for logs write out every identifier, and take more time than the network
_config.LOG_HANDLER_LEVEL = "none"
_CONNECT_S, _ANSWER_S = 10, 60
_PDU_BYTES = 1 << 17
# one request names so many instances; a UID has 64 letters, and a list of them 64 KiB at most
_AT_ONCE = 100
# an association has 128 contexts at most (PS3.8 9.3.2.2)
_MOST_CLASSES = 60
_SUCCESS, _PENDING = 0x0000, (0xFF00, 0xFF01)
_UNKNOWN_PLACE = 0xA801  # PS3.4 C.4.2.1.5: move destination unknown
_WARNINGS = (0xB000, 0xB006, 0xB007)
_PLAIN: list[str | UID] = [ExplicitVRLittleEndian, ImplicitVRLittleEndian]
_PACKED: list[str | UID] = [
    JPEGLosslessSV1, JPEGLSLossless, JPEG2000Lossless, JPEG2000, RLELossless,
    DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian,
]  # fmt: skip
_MR, _ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.4.1"

_Ask = Callable[[Dataset, Callable[[], bool]], str]


class DimseLink:
    """A Link by DIMSE; see `readers.pacs.model.Link`. Every kind of service has its own association."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._ae = AE(server.own_aet)
        self._ae.connection_timeout = _CONNECT_S
        self._ae.acse_timeout = self._ae.dimse_timeout = self._ae.network_timeout = _ANSWER_S
        self._finding: Association | None = None
        self._storing: tuple[tuple[str, str], Association] | None = None

    def query(self, level: Level, asked: Mapping[str, str]) -> list[dict[str, str]]:
        """Search by C-FIND in the study root model."""
        if self._finding is None or not self._finding.is_established:
            self._finding = self._associate([build_context(StudyRootQueryRetrieveInformationModelFind)])
        identifier = Dataset()
        # a name with letters beyond ASCII is matched too
        identifier.SpecificCharacterSet = "ISO_IR 192"
        identifier.QueryRetrieveLevel = level
        for name, value in asked.items():
            setattr(identifier, name, value)
        found: list[dict[str, str]] = []
        model = StudyRootQueryRetrieveInformationModelFind
        for status, answer in self._finding.send_c_find(identifier, model):
            code = self._code(status)
            if code in _PENDING and answer is not None:
                found.append({name: _text(answer, name) for name in asked})
            elif code != _SUCCESS:
                raise PacsError(f"{self.server.name}: it refused to search (status {code:#06x})")
        return found

    def fetch(self, wanted: Sequence[Instance], keep: Keep, stopped: Callable[[], bool]) -> str:
        """Bring instances by C-GET, or by C-MOVE where FerroRead has a port of its own to listen on."""
        intake = _Intake(keep, {each.instance for each in wanted})
        refused = ""
        with self._asking(_kinds(wanted), intake) as ask:
            for request in _requests(wanted):
                if stopped():
                    break
                refused = ask(request, stopped) or refused
        return refused

    def store(self, path: Path) -> str:
        """Send a file by C-STORE; the association stays for the next one of its kind."""
        data_set = pydicom.dcmread(path)
        kind = str(data_set.SOPClassUID), str(data_set.file_meta.TransferSyntaxUID)
        if self._storing is None or self._storing[0] != kind or not self._storing[1].is_established:
            self._end_storing()
            self._storing = kind, self._associate([build_context(kind[0], kind[1])])
        association = self._storing[1]
        if not association.accepted_contexts:
            return "it is of a kind that the archive does not take"
        code = self._code(association.send_c_store(data_set))
        return "" if code in (_SUCCESS, *_WARNINGS) else f"the archive gives status {code:#06x}"

    def close(self) -> None:
        """End the associations."""
        self._end_storing()
        if self._finding is not None and self._finding.is_established:
            self._finding.release()
        self._ae.shutdown()

    @contextmanager
    def _asking(self, kinds: list[str], intake: _Intake) -> Iterator[_Ask]:
        """Give what asks for instances and follows the answers; `intake` takes what comes."""
        takes = [(evt.EVT_C_STORE, intake.take)]
        if not self.server.own_port:
            get = StudyRootQueryRetrieveInformationModelGet
            association = self._associate(
                [build_context(get), *_contexts(kinds)],
                ext_neg=[build_role(kind, scp_role=True) for kind in kinds],
                evt_handlers=takes,
            )
            with _ended(association):
                yield lambda request, stopped: self._brought(
                    association, association.send_c_get(request, get), intake, stopped
                )
            return
        move, title = StudyRootQueryRetrieveInformationModelMove, self.server.own_aet
        listener = self._listening(kinds, takes)
        try:
            association = self._associate([build_context(move)])
            with _ended(association):
                yield lambda request, stopped: self._brought(
                    association, association.send_c_move(request, title, move), intake, stopped
                )
        finally:
            listener.shutdown()

    def _listening(self, kinds: list[str], takes: list[Any]) -> ThreadedAssociationServer:
        """Listen for what C-MOVE sends; pynetdicom does it in threads of its own."""
        server = self.server
        listener = AE(server.own_aet)
        listener.maximum_pdu_size = _PDU_BYTES
        for kind in kinds:
            listener.add_supported_context(kind, [*_PLAIN, *_PACKED])
        context = _tls(server, incoming=True) if server.tls else None
        try:
            listening = listener.start_server(
                ("", server.own_port), block=False, ssl_context=context, evt_handlers=takes
            )
        except OSError as error:
            raise PacsError(
                f"{server.name}: port {server.own_port} is taken; end what listens there"
            ) from error
        assert isinstance(listening, ThreadedAssociationServer)  # as it does not block
        return listening

    def _brought(
        self,
        association: Association,
        answers: Iterable[tuple[Dataset, Dataset | None]],
        intake: _Intake,
        stopped: Callable[[], bool],
    ) -> str:
        """Follow the answers of a C-GET or C-MOVE to the last one; return why some did not come."""
        for status, _ in answers:
            intake.raise_failure()
            if stopped():
                # the answers that are still to come would be waited for
                association.abort()
                return ""
            code = self._code(status)
            if code in (_SUCCESS, *_PENDING):
                continue
            if code in _WARNINGS:
                return "the archive could not send them"
            if code == _UNKNOWN_PLACE:
                told = "it does not know this AE title as a place to send to; ask who keeps it"
                raise PacsError(f"{self.server.name}: {told}")
            raise PacsError(f"{self.server.name}: it refused to send (status {code:#06x})")
        intake.raise_failure()
        return ""

    def _associate(self, contexts: list[Any], **more: Any) -> Association:
        server = self.server
        tls = (_tls(server), server.host) if server.tls else None
        association = self._ae.associate(
            server.host,
            server.port,
            contexts=contexts,
            ae_title=server.aet,
            max_pdu=_PDU_BYTES,
            tls_args=tls,
            **more,
        )
        if association.is_established:
            return association
        if association.is_rejected:
            raise PacsError(f"{server.name}: it refused the connection; check the AE titles on both sides")
        if server.tls:
            told = "it does not answer, or its certificate is not trusted; check the network, host and port"
        else:
            told = "it does not answer; check the network, host and port"
        raise LinkLostError(f"{server.name}: {told}")

    def _code(self, status: Dataset) -> int:
        """Return a status as a number; none comes where the connection broke."""
        if "Status" not in status:
            raise LinkLostError(f"{self.server.name}: the connection broke; try again")
        return int(status.Status)

    def _end_storing(self) -> None:
        if self._storing is not None:
            if self._storing[1].is_established:
                self._storing[1].release()
            self._storing = None


class _Intake:
    """Takes what an archive sends: of what was asked for each instance once, and nothing else."""

    def __init__(self, keep: Keep, wanted: set[str]) -> None:
        self._keep, self._wanted = keep, wanted
        # with C-MOVE an archive may send over several associations, each of which has a thread
        self._alone = threading.Lock()
        self.failure: Exception | None = None

    def take(self, event: evt.Event) -> int:
        """Answer a C-STORE: 0 taken, 0xA900 not what was asked for, 0xA700 it cannot be kept."""
        uid = str(getattr(event.request, "AffectedSOPInstanceUID", ""))
        with self._alone:
            if self.failure is not None:
                return 0xA700
            if uid not in self._wanted:
                return 0xA900
            try:
                self._keep(uid, event.encoded_dataset())
            except Exception as error:  # raised where the fetching was asked for
                self.failure = error
                return 0xA700
            self._wanted.discard(uid)
        return _SUCCESS

    def raise_failure(self) -> None:
        """Raise what went wrong while something was kept."""
        if self.failure is not None:
            raise self.failure


def _text(answer: Dataset, name: str) -> str:
    value = answer.get(name)
    return "" if value is None else str(value)


@contextmanager
def _ended(association: Association) -> Iterator[None]:
    """End an association as it should be; in the middle of a request it can only be cut off."""
    try:
        yield
    except BaseException:
        association.abort()
        raise
    if association.is_established:
        association.release()


def _kinds(wanted: Iterable[Instance]) -> list[str]:
    """Return the SOP classes to be received; an archive that tells none holds MR, for all we know."""
    kinds = dict.fromkeys(each.sop_class for each in wanted if each.sop_class)
    return list(kinds or (_MR, _ENHANCED_MR))[:_MOST_CLASSES]


def _contexts(kinds: Iterable[str]) -> list[Any]:
    """Offer each class plain and packed apart: of one context the archive would choose one form for all."""
    return [build_context(kind, syntaxes) for kind in kinds for syntaxes in (_PLAIN, _PACKED)]


def _requests(wanted: Sequence[Instance]) -> list[Dataset]:
    """Return what names all the instances, some of one series at a time (PS3.4 C.2.2.2.2)."""
    by_series: dict[tuple[str, str], list[str]] = {}
    for each in wanted:
        by_series.setdefault((each.study, each.series), []).append(each.instance)
    made = []
    for (study, series), uids in by_series.items():
        for first in range(0, len(uids), _AT_ONCE):
            request = Dataset()
            request.QueryRetrieveLevel = "IMAGE"
            request.StudyInstanceUID, request.SeriesInstanceUID = study, series
            request.SOPInstanceUID = uids[first : first + _AT_ONCE]
            made.append(request)
    return made


def _tls(server: Server, *, incoming: bool = False) -> ssl.SSLContext:
    """Return who is trusted and who we are; what comes in by C-MOVE has to show a certificate as well."""
    purpose = ssl.Purpose.CLIENT_AUTH if incoming else ssl.Purpose.SERVER_AUTH
    try:
        context = ssl.create_default_context(purpose, cafile=server.ca or None)
        if server.certificate:
            context.load_cert_chain(server.certificate, server.key or None)
    except (ssl.SSLError, OSError) as error:
        raise PacsError(f"{server.name}: a certificate or key cannot be read; add the server anew") from error
    if incoming:
        context.verify_mode = ssl.CERT_REQUIRED
    return context
