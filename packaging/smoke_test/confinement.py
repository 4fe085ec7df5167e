"""What is put before a command so that it runs without rights and without a network."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from smoke_test.account import Account

_OWN_NETWORK = ("--net",)
_OWN_NETWORK_OF_A_USER = ("--user", "--map-current-user", "--net")  # only root may take the network away directly


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """How commands are started: words before them, and whether they are left a network."""

    words: tuple[str, ...]
    has_network: bool

    def command(self, *words: str) -> list[str]:
        """The command as it is to be started."""
        return [*self.words, *words]


def confine(account: Account) -> Confinement:
    """Take network and rights away, as far as that is allowed here."""
    rights = rights_words(account)
    unshare = shutil.which("unshare")
    if unshare is not None:
        network = (unshare, *(_OWN_NETWORK_OF_A_USER if account.is_own else _OWN_NETWORK), "--")
        if _works([*network, *rights]):
            return Confinement(words=(*network, *rights), has_network=False)
    return Confinement(words=rights, has_network=True)


def rights_words(account: Account) -> tuple[str, ...]:
    """What gives the rights of root away; nothing where there are none. The app keeps its process number."""
    if account.is_own:
        return ()
    setpriv = shutil.which("setpriv") or "setpriv"
    return (setpriv, f"--reuid={account.user_id}", f"--regid={account.group_id}", "--clear-groups", "--")


def _works(words: Sequence[str]) -> bool:
    true = shutil.which("true") or "true"
    return subprocess.run([*words, true], capture_output=True, check=False).returncode == 0
