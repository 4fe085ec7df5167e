"""Groups of layers made from their names, for frameworks that keep no modules.

Keras names the layers of a block alike ("block_1_expand", "block_1_expand_BN"). Consecutive layers that share leading
words form a group; a group whose members are told apart by plain numbers only ("block" over "block_1", "block_2") says
nothing and is left out.
"""

from collections.abc import Sequence
from itertools import groupby

Groups = list[tuple[str, ...]]
"""For each name the groups it belongs to, outermost first."""


def name_groups(names: Sequence[str]) -> Groups:
    """The groups of each name, in the order given."""
    groups: Groups = [() for _ in names]
    _collect([(index, tuple(name.split("_"))) for index, name in enumerate(names)], 0, groups)
    return groups


def _collect(items: list[tuple[int, tuple[str, ...]]], depth: int, groups: Groups) -> None:
    for word, found in groupby(items, key=lambda item: item[1][depth] if len(item[1]) > depth else None):
        members = list(found)
        if word is None or len(members) < 2:
            continue
        depth_inside = _shared_words(members, depth)
        if not _is_numbering(members, depth_inside) and len(members) < len(groups):
            label = "_".join(members[0][1][:depth_inside])
            for index, _ in members:
                groups[index] = (*groups[index], label)
        _collect(members, depth_inside, groups)


def _shared_words(members: list[tuple[int, tuple[str, ...]]], depth: int) -> int:
    """How many leading words all members share, at least `depth` + 1."""
    shared = depth + 1
    shortest = min(len(words) for _, words in members)
    while shared < shortest and len({words[shared] for _, words in members}) == 1:
        shared += 1
    return shared


def _is_numbering(members: list[tuple[int, tuple[str, ...]]], depth: int) -> bool:
    following = {words[depth] if len(words) > depth else "" for _, words in members}
    return len(following) > 1 and all(word.isdigit() for word in following)
