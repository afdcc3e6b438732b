"""Picture archives (PACS): what is asked of them, brought from them and sent back to them.

link = open_link(server, secret)
series = find_series(link, Filters(patient_id="17"))
import_series(lambda: open_link(server, secret), series, folder)

Both ways go over one connection with one log-in, so they stand together here; what is sent are files that
core.export has written.
"""

from readers.pacs.finding import find_series, find_studies
from readers.pacs.model import (
    Filters,
    FoundSeries,
    FoundStudy,
    Instance,
    Link,
    LinkLostError,
    PacsError,
    Server,
)
from readers.pacs.opening import open_link
from readers.pacs.sending import Sent, send_files
from readers.pacs.transfer import Imported, fetch_one, import_series

__all__ = [
    "Filters",
    "FoundSeries",
    "FoundStudy",
    "Imported",
    "Instance",
    "Link",
    "LinkLostError",
    "PacsError",
    "Sent",
    "Server",
    "fetch_one",
    "find_series",
    "find_studies",
    "import_series",
    "open_link",
    "send_files",
]
