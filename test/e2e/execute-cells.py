"""Executes the notebook on stdin through nbclient, and prints as JSON what came of it: the error that ended it and its
text without colours, the cells' numbers, and the value of `kept` in the session afterwards."""

import json
import re
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

notebook = nbformat.reads(sys.stdin.read(), as_version=4)
client = NotebookClient(notebook, timeout=6, interrupt_on_timeout=True, kernel_name="photonbook")
error = None
with client.setup_kernel():
    try:
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
    except CellExecutionError as failure:
        error = failure
    counts = [cell.execution_count for cell in notebook.cells]
    notebook.cells.append(nbformat.v4.new_code_cell("kept"))
    after = client.execute_cell(notebook.cells[-1], len(notebook.cells) - 1)
json.dump(
    {
        "error": error and type(error).__name__,
        "text": re.sub(r"\x1b\[[0-9;]*m", "", str(error or "")),
        "counts": counts,
        "after": after.outputs[0]["data"]["text/plain"],
    },
    sys.stdout,
)
