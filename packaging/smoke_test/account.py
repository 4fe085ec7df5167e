"""Whose rights the app runs with: never those of root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user of this machine; `is_own` where it is the one who runs this."""

    user_id: int
    group_id: int
    name: str
    is_own: bool

    @classmethod
    def for_the_app(cls) -> "Account":
        """The user who runs this, or one without rights where that is root."""
        own = os.geteuid()
        entry = pwd.getpwuid(own) if own else pwd.getpwnam(UNPRIVILEGED)
        return cls(user_id=entry.pw_uid, group_id=entry.pw_gid, name=entry.pw_name, is_own=bool(own))

    def make_folder(self, path: Path, mode: int = 0o700) -> Path:
        """A new folder that belongs to this user."""
        path.mkdir(parents=True)
        self.give(path)
        path.chmod(mode)
        return path

    def give(self, path: Path) -> None:
        """Let a file or folder belong to this user."""
        if not self.is_own:
            os.chown(path, self.user_id, self.group_id)

    def take_back(self, path: Path) -> None:
        """Let what this user was given belong to whoever runs this."""
        os.chown(path, os.geteuid(), os.getegid())
