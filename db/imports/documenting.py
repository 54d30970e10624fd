"""Keep the tables of columns in `docs/import.md` as the code has them.

    python -m db.imports.documenting

rewrites what stands between `<!-- columns: people.csv -->` and `<!-- end -->`.
"""

from __future__ import annotations

from pathlib import Path

from db.imports.columns import Column, ImportFile
from db.imports.files import FILES

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "import.md"
END = "<!-- end -->"


def render(text: str) -> str:
    """Give the document with its tables as they should be."""
    for file in FILES:
        start = f"<!-- columns: {file.name} -->\n"
        before, _, after = text.partition(start)
        text = f"{before}{start}{_table(file)}{after[after.index(END) :]}"
    return text


def _table(file: ImportFile) -> str:
    rows = "".join(_row(column) for column in file.columns)
    return f"| column | | what | expected | example |\n| --- | --- | --- | --- | --- |\n{rows}"


def _row(column: Column) -> str:
    need = "required" if column.required else f"else {column.empty}" if column.empty else ""
    cells = (f"`{column.name}`", need, column.meaning, column.kind.expects, f"`{column.example}`")
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    DOCUMENT.write_text(render(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
