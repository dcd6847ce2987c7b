"""Times one Jupyter kernel as a client sees it, and prints the figures as JSON.

usage: kernel_cell.py LANGUAGE ARGV...     (LANGUAGE is python or typescript; ARGV starts the kernel and holds
{connection_file})
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time

from jupyter_client.manager import KernelManager

CELLS = {
    "python": {
        "trivial": "1 + 1",
        "vega": None,
        "lines": "for i in range(5000): print(i)",
    },
    "typescript": {
        "trivial": "1 + 1",
        "vega": 'import * as vl from "vega-lite"; typeof vl.compile',
        "lines": "for (let i = 0; i < 5000; i++) console.log(i)",
    },
}


class Spec(KernelManager):
    """Starts a kernel from a command rather than from an installed kernelspec."""

    argv = []

    def format_kernel_cmd(self, extra_arguments=None):
        return [part.replace("{connection_file}", self.connection_file) for part in self.argv]


def run_cell(client, code, timeout=60):
    """Seconds from sending a cell to its idle, and the text it printed; no seconds where idle never comes or it fails."""
    start = time.perf_counter()
    message_id = client.execute(code)
    printed = []
    while time.perf_counter() - start < timeout:
        try:
            message = client.get_iopub_msg(timeout=timeout)
        except Exception:
            return None, "".join(printed)
        if message["parent_header"].get("msg_id") != message_id:
            continue
        if message["msg_type"] == "stream":
            printed.append(message["content"]["text"])
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            seconds = time.perf_counter() - start
            return (seconds if passed(client, message_id) else None), "".join(printed)
    return None, "".join(printed)


def passed(client, message_id):
    """Whether the reply to a cell says ok."""
    while True:
        reply = client.get_shell_msg(timeout=10)
        if reply["parent_header"].get("msg_id") == message_id:
            return reply["content"]["status"] == "ok"


def main(language, argv):
    cells = CELLS[language]
    manager = Spec()
    manager.argv = argv
    manager.transport = "tcp"
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        manager.start_kernel(cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        figures = {"start to ready": time.perf_counter() - started}
        figures["first cell"] = run_cell(client, cells["trivial"])[0]
        trivial = [run_cell(client, cells["trivial"])[0] for _ in range(30)]
        figures["trivial cell"] = statistics.median(trivial)
        if cells["vega"]:
            figures["cell importing vega-lite"] = run_cell(client, cells["vega"])[0]
            time.sleep(0.5)  # tslab aborts whatever follows a failed cell within 0.2 s
            after = [run_cell(client, cells["trivial"])[0] for _ in range(10)]
            figures["trivial cell after vega-lite"] = statistics.median(after)
        seconds, text = run_cell(client, cells["lines"], timeout=20)
        figures["5000 printed lines"] = seconds if len(text.split()) == 5000 else None
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
