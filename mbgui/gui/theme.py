"""The visual language: colours, fonts and the style sheet, light and dark."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from string import Template

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication

from mbgui.gui import resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Colors:
    """The colours by what they are for, as `#rrggbb`.

    `left` and `right` fill shapes; `left_text` and `right_text` are their readable shades for text on `surface`.
    """

    name: str
    background: str
    surface: str
    field: str
    border: str
    line: str
    text: str
    muted: str
    disabled: str
    left: str
    right: str
    left_text: str
    right_text: str
    accent: str
    accent_hover: str
    on_accent: str
    selection: str
    row_alternate: str
    hover: str
    success: str
    warning: str
    error: str


LIGHT = Colors(
    name="light",
    background="#f6f7f9",
    surface="#ffffff",
    field="#f6f7f9",
    border="#e1e4e8",
    line="#eef0f3",
    text="#1f2328",
    muted="#656d76",
    disabled="#a3aab2",
    left="#4477aa",
    right="#ee7733",
    left_text="#3a6a9b",
    right_text="#ad4b0c",
    accent="#4477aa",
    accent_hover="#3a6895",
    on_accent="#ffffff",
    selection="#e8f0fb",
    row_alternate="#fafbfc",
    hover="#eef1f5",
    success="#2b7537",
    warning="#8f5c10",
    error="#b42318",
)

DARK = Colors(
    name="dark",
    background="#1b1d21",
    surface="#23262b",
    field="#1b1d21",
    border="#33373e",
    line="#2b2f35",
    text="#e6e8eb",
    muted="#9aa3ad",
    disabled="#676e77",
    left="#6fa3d8",
    right="#f0935c",
    left_text="#7fb0e2",
    right_text="#f49d69",
    accent="#6fa3d8",
    accent_hover="#86b3e0",
    on_accent="#14171b",
    selection="#2b3a4e",
    row_alternate="#26292f",
    hover="#2c3036",
    success="#6fbf7f",
    warning="#e0b04a",
    error="#f28b82",
)

_DARK_BELOW = 128  # of 255


class ThemeChoice(StrEnum):
    """What the user asked for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def stylesheet(colors: Colors) -> str:
    """The style sheet of `resources/themes/style.qss` with its `$names` filled in."""
    icons = quotable(resources.path("icons").as_posix())
    return Template(resources.text("themes", "style.qss")).substitute(asdict(colors), icons=icons)


def quotable(path: str) -> str:
    """The path as it stands between the quotes of a style sheet's `url("…")`: the app may lie in any folder."""
    return path.replace("\\", r"\\").replace('"', r"\"")


def palette(colors: Colors) -> QPalette:
    """The palette of everything the style sheet leaves to the style."""
    filled = QPalette(QColor(colors.surface), QColor(colors.surface))
    roles = QPalette.ColorRole
    for role, color in {
        roles.Window: colors.background,
        roles.WindowText: colors.text,
        roles.Base: colors.surface,
        roles.AlternateBase: colors.row_alternate,
        roles.Text: colors.text,
        roles.PlaceholderText: colors.muted,
        roles.Button: colors.field,
        roles.ButtonText: colors.text,
        roles.ToolTipBase: colors.surface,
        roles.ToolTipText: colors.text,
        roles.Highlight: colors.selection,
        roles.HighlightedText: colors.text,
        roles.Link: colors.accent,
        roles.LinkVisited: colors.accent,
        roles.Accent: colors.accent,
        roles.Mid: colors.border,
    }.items():
        filled.setColor(role, QColor(color))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        filled.setColor(QPalette.ColorGroup.Disabled, role, QColor(colors.disabled))
    return filled


def with_tabular_figures(font: QFont) -> QFont:
    """The same font with figures of one width, so that columns of numbers line up."""
    tabular = QFont(font)
    tabular.setFeature(QFont.Tag("tnum"), 1)
    return tabular


def monospaced_font(font: QFont) -> QFont:
    """The system's fixed-width font, slightly smaller than `font`: for shapes and values as code writes them."""
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    fixed.setPointSizeF(font.pointSizeF() * 0.95)
    return fixed


class Theme(QObject):
    """The colours in use; follows the system unless the user chose one scheme.

    Until `follow_system` is called the system's scheme is guessed from its palette: asking Qt for it makes PySide6
    build some hundred enumerations, an eighth of the time to the first picture.
    """

    changed = Signal()

    def __init__(self, choice: ThemeChoice = ThemeChoice.SYSTEM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self._has_dark_palette = QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < _DARK_BELOW
        self._hints: QStyleHints | None = None
        self._colors = self._wanted()

    @property
    def colors(self) -> Colors:
        """The colours in use."""
        return self._colors

    @property
    def choice(self) -> ThemeChoice:
        """What the user asked for."""
        return self._choice

    def set_choice(self, choice: ThemeChoice) -> None:
        """Use the scheme the user asked for; `changed` is emitted where the colours change."""
        self._choice = choice
        self._on_scheme_changed()

    def follow_system(self) -> None:
        """Take the system's word for its scheme, now and whenever it changes."""
        self._hints = QGuiApplication.styleHints()
        self._hints.colorSchemeChanged.connect(self._on_scheme_changed)
        self._on_scheme_changed()

    def apply(self) -> None:
        """Give palette and style sheet to the application."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(palette(self._colors))
            application.setStyleSheet(stylesheet(self._colors))

    def _wanted(self) -> Colors:
        if self._choice is ThemeChoice.SYSTEM:
            return DARK if self._is_system_dark() else LIGHT
        return DARK if self._choice is ThemeChoice.DARK else LIGHT

    def _is_system_dark(self) -> bool:
        scheme = self._hints.colorScheme().name if self._hints is not None else "Unknown"
        return self._has_dark_palette if scheme == "Unknown" else scheme == "Dark"

    def _on_scheme_changed(self) -> None:
        wanted = self._wanted()
        if wanted is not self._colors:
            self._colors = wanted
            self.apply()
            self.changed.emit()
