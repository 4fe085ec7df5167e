"""A user's home folder, made for one step, and the environment in which the app is started from it."""

from dataclasses import dataclass
from pathlib import Path

from smoke_test.account import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The home folder, the runtime folder, and a folder with no program in it for `PATH`."""

    folder: Path
    runtime: Path
    no_programs: Path

    @property
    def snapshots(self) -> Path:
        """Where the app keeps comparisons."""
        return self.folder / ".local/share/mbgui/snapshots"

    @property
    def logs(self) -> Path:
        """Where the app keeps its log and reports of crashes."""
        return self.folder / ".local/state/mbgui/log"

    @property
    def settings(self) -> Path:
        """The file in which the window remembers."""
        return self.folder / ".config/mbgui/mbgui.conf"

    def environment(self, display: str = "", programs: str = "") -> dict[str, str]:
        """The whole environment of a command: no program can be found unless `programs` says where."""
        found = {
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "PATH": programs or str(self.no_programs),
        }
        return {**found, "DISPLAY": display} if display else found

    def kept(self) -> list[Path]:
        """The snapshots that the app has kept."""
        return sorted(self.snapshots.glob("*.mbsnap"))


def fresh_home(work: Path, name: str, account: Account, settings: str = "") -> Home:
    """A home folder that nothing was started in before; `settings` is what its window remembers."""
    top = work / "homes" / name
    home = Home(
        folder=account.make_folder(top / "home"),
        runtime=account.make_folder(top / "run"),
        no_programs=account.make_folder(top / "no programs"),
    )
    if settings:
        for folder in reversed(home.settings.relative_to(home.folder).parents[:-1]):
            account.make_folder(home.folder / folder)
        home.settings.write_text(settings, encoding="utf-8")
        account.give(home.settings)
    return home
