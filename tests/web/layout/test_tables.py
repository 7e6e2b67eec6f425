"""Cells that say their heading."""

from __future__ import annotations

from bridge.web.layout.tables import label_cells

ROWS = '<tr class="x"><th scope="row">Kim</th><td>North</td></tr><tr><td colspan="2">No</td></tr>'


def test_each_cell_has_its_heading_and_role() -> None:
    assert label_cells(ROWS, ["Name", "Region"]) == (
        '<tr class="x" role="row"><th scope="row" role="rowheader" data-label="Name">Kim</th>'
        '<td role="cell" data-label="Region">North</td></tr>'
        '<tr role="row"><td colspan="2" role="cell">No</td></tr>'
    )


def test_headings_are_escaped_and_may_be_missing() -> None:
    assert label_cells("<tr><td>1</td><td>2</td></tr>", ['"A" & B']) == (
        '<tr role="row"><td role="cell" data-label="&#34;A&#34; &amp; B">1</td>'
        '<td role="cell">2</td></tr>'
    )
    assert label_cells("&lt;td&gt;<tbody>", ["A"]) == "&lt;td&gt;<tbody>"
