"""Small PDF files and Word files, written by hand: text operators with places, and XML in an archive."""

from __future__ import annotations

import io
import textwrap
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class Put:
    """Text at a place of a page, counted in points from its lower left corner."""

    x: float
    y: float
    text: str
    size: float = 10
    bold: bool = False


Sheet = Sequence[Put]


def pdf(*sheets: Sheet, info: str = "", turned: int = 0) -> bytes:
    """A PDF file of some pages of A4."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{6 + 2 * n} 0 R' for n in range(len(sheets)))}] /Count {len(sheets)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>",
    ]
    for number, sheet in enumerate(sheets):
        operators = " ".join(map(_operators, sheet))
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate {turned} /Contents {7 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>",
            stream(f"BT {operators} ET"),
        ]
    return bare_pdf(objects)


def _operators(put: Put) -> str:
    text = put.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"/F{1 + put.bold} {put.size} Tf 1 0 0 1 {put.x} {put.y} Tm ({text}) Tj"


def stream(content: str) -> str:
    return f"<< /Length {len(content.encode('cp1252'))} >>\nstream\n{content}\nendstream"


def bare_pdf(objects: Sequence[str], trailer: str = "/Info 5 0 R") -> bytes:
    """A PDF file of numbered objects, the first of them its catalogue."""
    data = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode()


def column(x: float, y: float, text: str | Sequence[str], letters: int = 44, leading: float = 12) -> list[Put]:
    """Text wrapped to lines of at most so many letters, from a place downwards."""
    lines = textwrap.wrap(text, letters) if isinstance(text, str) else text
    return [Put(x, y - number * leading, line) for number, line in enumerate(lines)]


def docx(body: str, parts: Mapping[str, str | bytes] = {}, *, properties: str = "") -> bytes:
    """A Word file with a body of XML, `w:` being its namespace, and more parts by their names."""
    spaces = (
        f'xmlns:w="{WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        f"{properties}</cp:coreProperties>"
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
        "docProps/core.xml": core,
    }
    for name, content in parts.items():
        files[name] = content.replace(">", f" {spaces}>", 1) if isinstance(content, str) else content
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def paragraph(*runs: str, style: str = "") -> str:
    """A paragraph of runs: text, or XML where it begins with a `<`."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(text if text.startswith('<') else run(text) for text in runs)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'
