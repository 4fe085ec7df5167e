"""What is in a model file, as text: facts, notes and every tensor."""

import csv
from io import StringIO

import msgspec

from mbgui.analysis.wording import count_text, mebibytes_text, shape_text, statistic_text
from mbgui.domain.model_file import FileFormat, FileTensor, ModelFile
from mbgui.domain.snapshot import ReportFormat
from mbgui.reports import markdown
from mbgui.reports.parameters_csv import text_cell
from mbgui.reports.section import Document, Section
from mbgui.reports.tables import Align, Column, Table

FILE_FORMATS = (ReportFormat.MARKDOWN, ReportFormat.CSV, ReportFormat.JSON)
"""The forms that a file is told of in."""
_TITLES = ("Name", "Shape", "Type", "Values", "Bytes", "Mean", "Std", "Min", "Max")
_CSV_TITLES = (
    "name",
    "shape",
    "dtype",
    "values",
    "size_bytes",
    "mean",
    "std",
    "minimum",
    "maximum",
    "non_finite_values",
)


def render(file: ModelFile, report_format: ReportFormat) -> str:
    """The whole report. Raises `ValueError` for a form that files are not told of in."""
    match report_format:
        case ReportFormat.MARKDOWN:
            return markdown.render(build_document(file))
        case ReportFormat.CSV:
            return _csv(file)
        case ReportFormat.JSON:
            return msgspec.json.format(msgspec.json.encode(file), indent=2).decode() + "\n"
    raise ValueError(f"no report of a file as {report_format}")


def build_document(file: ModelFile) -> Document:
    """Facts, why it cannot be opened where it cannot, and the tensors."""
    facts = Table(
        title="Facts",
        columns=(Column(title=""), Column(title="")),
        rows=(
            ("Path", file.path),
            ("Size", mebibytes_text(file.size_bytes)),
            ("Framework", file.framework.display_name if file.framework else "either"),
            *((fact.name, fact.value) for fact in file.facts),
        ),
    )
    refusal = () if file.refusal is None else (file.refusal.sentence, file.refusal.advice)
    sections = [
        Section(title="File", sentences=tuple(filter(None, (*refusal, *file.notes))), tables=(facts,)),
        Section(title="Tensors", sentences=(_total(file),), tables=(_tensor_table(file),) if file.tensors else ()),
    ]
    return Document(
        title=file.path.replace("\\", "/").rpartition("/")[2], headline=_headline(file), sections=tuple(sections)
    )


def _headline(file: ModelFile) -> str:
    return "No format of models that is known here" if file.format is FileFormat.UNKNOWN else file.format


def _total(file: ModelFile) -> str:
    values = sum(tensor.value_count for tensor in file.tensors)
    size_bytes = sum(tensor.size_bytes for tensor in file.tensors)
    return f"{count_text(len(file.tensors))} tensors, {count_text(values)} values, {mebibytes_text(size_bytes)}."


def _tensor_table(file: ModelFile) -> Table:
    columns = tuple(
        Column(title=title, align=Align.LEFT if place < 3 else Align.RIGHT) for place, title in enumerate(_TITLES)
    )
    return Table(title="Tensors", columns=columns, rows=tuple(_row(tensor) for tensor in file.tensors))


def _row(tensor: FileTensor) -> tuple[str, ...]:
    found = tensor.statistics
    statistics = (None,) * 4 if found is None else (found.mean, found.std, found.minimum, found.maximum)
    return (
        tensor.name,
        shape_text(tensor.shape),
        tensor.dtype,
        count_text(tensor.value_count),
        count_text(tensor.size_bytes),
        *(statistic_text(value) for value in statistics),
    )


def _csv(file: ModelFile) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_CSV_TITLES)
    for tensor in file.tensors:
        found = tensor.statistics
        statistics = (
            () if found is None else (found.mean, found.std, found.minimum, found.maximum, found.non_finite_count)
        )
        shape = "x".join(str(size) for size in tensor.shape)
        words = (text_cell(tensor.name), shape, text_cell(tensor.dtype))
        writer.writerow((*words, tensor.value_count, tensor.size_bytes, *statistics))
    return text.getvalue()
