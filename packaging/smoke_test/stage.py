"""What every step is given: the app, where it is shown, who runs it, and where files may be put."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smoke_test.account import Account
from smoke_test.bundle import Bundle
from smoke_test.confinement import Confinement
from smoke_test.display import Display
from smoke_test.picture import save_picture

Figures = Mapping[str, object]
"""What a step measured or read, for the report: numbers, texts and lists of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the steps play. `saved` is the snapshot that the first comparison leaves for others."""

    bundle: Bundle
    display: Display
    account: Account
    confinement: Confinement
    work: Path
    pictures: Path | None
    unfrozen: tuple[str, ...]

    @property
    def saved(self) -> Path:
        """The snapshot that the comparison by mouse is saved as."""
        return self.work / "saved" / "pair.mbsnap"

    def keep_picture(self, name: str) -> None:
        """Keep the screen as it is, where pictures are wanted."""
        if self.pictures is not None:
            save_picture(self.display.name, self.pictures / f"{name}.png")
