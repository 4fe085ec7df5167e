"""What is known of a saved comparison without opening it whole, and the forms it can be exported in."""

from dataclasses import dataclass
from enum import StrEnum

from mbgui.domain.comparison import Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotEntry:
    """A snapshot on disk, as the dock and `mbgui snapshots` list it. `created_at` is ISO 8601 in UTC."""

    path: str
    title: str
    created_at: str
    headline: str
    agreement: Agreement
    is_sample: bool


class ReportFormat(StrEnum):
    """The forms a comparison can be exported in."""

    MARKDOWN = "markdown"
    HTML = "html"
    CSV = "csv"
    JSON = "json"

    @property
    def suffix(self) -> str:
        """The usual suffix of such a file."""
        return {"markdown": ".md", "html": ".html", "csv": ".csv", "json": ".json"}[self.value]
