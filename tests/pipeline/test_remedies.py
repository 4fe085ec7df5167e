"""Which ways out a child may offer: none that names another model, code or file."""

import pytest

from mbgui.domain.errors import Problem, Remedy
from mbgui.pipeline.references import parse_source
from mbgui.pipeline.remedies import with_own_remedies

SOURCE = "torchvision:net?alpha=0.5@/w/a.pth"
OWN = "net:make?depth=3@/w/a.pth"


def kept(source: str, reference: str, replaces: str = "") -> bool:
    remedy = Remedy(title="Click", replaces=replaces or source, reference=reference)
    problem = Problem(sentence="It does not fit.", remedies=(remedy,))
    return bool(with_own_remedies(problem, parse_source(source)).remedies)


@pytest.mark.parametrize(
    ("source", "reference"),
    [
        (SOURCE, "torchvision:net?alpha=0.5@/w/a.pth?strip=module."),
        (SOURCE, "torchvision:net?num_classes=19@/w/a.pth?partial=true"),
        (OWN, "net:make?depth=3@/w/a.pth?strip=module."),
    ],
)
def test_what_is_about_the_same_architecture_and_file_is_kept(source: str, reference: str) -> None:
    assert kept(source, reference)


@pytest.mark.parametrize(
    ("source", "reference"),
    [
        (SOURCE, "subprocess:getoutput?cmd=true@/w/a.pth"),
        (SOURCE, "torchvision:net@/etc/passwd"),
        (SOURCE, "torchvision:net"),
        (SOURCE, "torchvision:other@/w/a.pth"),
        (SOURCE, "keras:net@/w/a.pth"),
        (SOURCE, "/w/a.pth"),
        (SOURCE, "no reference"),
        (OWN, "net:make?depth=4@/w/a.pth"),
        (OWN, "net:other?depth=3@/w/a.pth"),
    ],
)
def test_anything_else_is_dropped(source: str, reference: str) -> None:
    assert not kept(source, reference)


def test_a_remedy_for_another_picker_is_dropped() -> None:
    assert not kept(SOURCE, SOURCE, replaces="keras:MobileNetV2")
