"""Executes a notebook through nbclient, saying where it is, and leaves what there is: the executed notebook and one
HTML file that works with the network off.

usage: execute.py NOTEBOOK [FOLDER]      (FOLDER defaults to out/; cells run in it, so figures land there)
"""

import math
import pathlib
import subprocess
import sys
import time
from queue import Empty

import nbformat
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from traitlets import Type, default

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLI = ROOT / "dist/kernel/cli.js"


class Channel(AsyncZMQSocketChannel):
    """A channel that looks for messages every second: once in hundreds of notebooks pyzmq's asyncio socket misses that
    one has come, and would wait on until the cell's time is over."""

    async def get_msg(self, timeout=None):
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            left = deadline - time.monotonic()
            try:
                return await super().get_msg(max(0, min(1, left)))
            except Empty:
                if left <= 1:
                    raise


class Client(AsyncKernelClient):
    shell_channel_class = Type(Channel)
    iopub_channel_class = Type(Channel)


class Manager(AsyncKernelManager):
    @default("client_factory")
    def _client_factory_default(self):
        return Client


def first_line(source):
    """What a cell is about: its first line, cut to fit a terminal."""
    line = source.strip().split("\n")[0]
    return line if len(line) <= 72 else line[:71] + "…"


def execute(path, folder):
    """Runs every cell; returns whether all passed. The notebook is written either way."""
    notebook = nbformat.read(path, as_version=4)
    total = sum(cell.cell_type == "code" for cell in notebook.cells)
    started = {}
    done = 0

    def on_start(cell, cell_index):
        if cell.cell_type == "code":
            started[cell_index] = time.monotonic()

    def on_executed(cell, cell_index, execute_reply):
        nonlocal done
        done += 1
        seconds = time.monotonic() - started[cell_index]
        print(f"  cell {done:2d}/{total}  {seconds:6.1f} s  {first_line(cell.source)}", flush=True)

    client = NotebookClient(
        notebook,
        timeout=900,
        kernel_name="photonbook",
        kernel_manager_class=Manager,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=on_start,
        on_cell_executed=on_executed,
    )
    print(f"{path.name}: {total} cells", flush=True)
    try:
        client.execute()
        return True
    except CellExecutionError as error:
        print(f"{path.name}: cell {done} failed\n{error}", file=sys.stderr)
        return False
    finally:
        nbformat.write(notebook, folder / path.name)


def main(argv):
    path = pathlib.Path(argv[0] if argv else ROOT / "notebooks/quickstart.ipynb").resolve()
    folder = pathlib.Path(argv[1] if len(argv) > 1 else ROOT / "out").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    passed = execute(path, folder)
    subprocess.run(["node", CLI, "export", folder / path.name], check=True)
    for made in sorted(folder.glob(f"{path.stem}*")) + sorted(folder.glob("*.pdf")):
        print(f"  {made}  {made.stat().st_size / 1e6:.1f} MB")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
