"""Every planted difference through mbgui: what is found, and what is invented where nothing was planted.

    python tests/benchmarks/planted_differences.py [--only NAME ...] [--threads N]

NAME is a plant or one of the networks (mobile, vgg, inception, mixer, decoder). Prints each pair and then the score: a
plant is found where the verdict, the cause with its effect and layer, and the first divergence are right and nothing
is invented.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mbgui.domain.equivalence import LayerReference
from mbgui.domain.errors import MbguiError
from tests.planted.planted_difference import PlantedDifference
from tests.planted.plants import NETWORKS, PLANTS
from tests.planted.scoring import Score, score_base, score_plant


def main(arguments: list[str]) -> None:
    """Score the chosen plants, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args(arguments)
    bases = [score for network in _networks(chosen.only) for score in _base(network, chosen.threads)]
    plants = [score for plant in _plants(chosen.only) for score in _plant(plant, chosen.threads)]
    _sum_up(bases, plants)


def _networks(only: list[str]) -> list[str]:
    return [network for network in NETWORKS if not only or network in only]


def _plants(only: list[str]) -> list[PlantedDifference]:
    return [plant for plant in PLANTS if not only or plant.name in only or plant.network in only]


def _base(network: str, threads: int) -> Iterator[Score]:
    score = _timed(lambda: score_base(network, threads), f"{network} as it is")
    _tell(score, "identical or equivalent, no cause")
    yield score


def _plant(plant: PlantedDifference, threads: int) -> Iterator[Score]:
    score = _timed(lambda: score_plant(plant, threads), plant.name)
    _tell(score, _expected(plant))
    yield score


def _timed(score: Callable[[], Score], name: str) -> Score:
    started_s = time.perf_counter()
    try:
        found = score()
    except MbguiError as error:
        found = Score(
            name=name,
            verdict=f"failed: {error.problem.sentence}",
            said=(),
            first_divergence=None,
            invented=(),
            has_verdict=False,
            has_cause=False,
            has_place=False,
        )
    return replace(found, duration_s=time.perf_counter() - started_s)


def _expected(plant: PlantedDifference) -> str:
    causes = " or ".join(sorted(plant.causes)) or "no cause"
    place = f" at {'|'.join(map(str, plant.left))} · {'|'.join(map(str, plant.right))}" if plant.left else ""
    return f"{' or '.join(plant.verdicts)}, {causes} ({plant.effect}){place}"


def _tell(score: Score, expected: str) -> None:
    wrong = [
        *(["verdict"] if not score.has_verdict else []),
        *(["cause"] if not score.has_cause else []),
        *(["place"] if not score.has_place else []),
        *(f"invented {cause}" for cause in score.invented),
    ]
    mark = "ok   " if score.is_right else "WRONG"
    print(
        f"{mark} {score.name}: {score.verdict}; {', '.join(score.said) or 'no cause'}; {_text(score.first_divergence)}"
    )
    print(
        f"      expected {expected} [{score.duration_s:.1f} s]{' -> ' + ', '.join(wrong) if wrong else ''}", flush=True
    )


def _text(place: LayerReference | None) -> str:
    return "nothing diverges" if place is None else f"first at {place.left} · {place.right}"


def _sum_up(bases: list[Score], plants: list[Score]) -> None:
    found = sum(score.is_right for score in plants)
    invented = sum(len(score.invented) for score in (*bases, *plants))
    print(f"found {found}/{len(plants)}, causes invented {invented}, bases right {_count(bases)}")
    for what, right in (
        ("verdict", [score.has_verdict for score in plants]),
        ("cause", [score.has_cause for score in plants]),
        ("place", [score.has_place for score in plants]),
    ):
        print(f"  {what} right {sum(right)}/{len(right)}")


def _count(scores: list[Score]) -> str:
    return f"{sum(score.is_right for score in scores)}/{len(scores)}"


if __name__ == "__main__":
    main(sys.argv[1:])
