"""Times one Jupyter kernel, started once, as a client sees it; prints the figures as JSON.

usage: kernel_client.py LANGUAGE ARGV...     (LANGUAGE is python, photonbook, deno or tslab; ARGV starts the kernel and
holds {connection_file})

Cells run in the folder of this file, whose node_modules hold the packages that they import.
"""

import json
import os
import statistics
import subprocess
import sys
import time

import psutil
from jupyter_client.manager import KernelManager

TYPED = """import * as vl from "vega-lite";
import * as tf from "@tensorflow/tfjs";
const spec: vl.TopLevelSpec = { data: { values: [{ a: 1 }] }, mark: "bar", encoding: { x: { field: "a" } } };
const sum = tf.tensor1d([1, 2, 3]).sum().dataSync()[0] + vl.compile(spec).spec.marks!.length;"""

TYPESCRIPT = {
    "trivial": "1 + 1",
    "types": TYPED,
    "lines": "for (let i = 0; i < 5000; i++) console.log(i)",
    "before": "let ",
    "completion": "Math.",
    "completed": "sqrt",
}

LANGUAGES = {
    "python": {
        "trivial": "1 + 1",
        "types": None,
        "lines": "for i in range(5000): print(i)",
        "before": "import math\n",
        "completion": "math.",
        "completed": "sqrt",
        "echo": """def opened(comm, message):
    comm.on_msg(lambda message: comm.send({}, buffers=message["buffers"]))
get_ipython().kernel.comm_manager.register_target("echo", opened)""",
    },
    "photonbook": {
        **TYPESCRIPT,
        "echo": """(globalThis as any)[Symbol.for("Jupyter.kernel")].registerCommTarget("echo", (comm: any) => {
  comm.onMessage = ({ buffers }: any) => comm.send({}, { buffers });
});""",
    },
    "deno": {**TYPESCRIPT, "echo": None},  # It drops what comms are sent (denoland/deno#20592).
    "tslab": {**TYPESCRIPT, "echo": None},  # It has no comms.
}

CELL_SEC = 20
MEGABYTE = 1 << 20


class Spec(KernelManager):
    """Starts a kernel from a command rather than from an installed kernelspec."""

    argv = []

    def format_kernel_cmd(self, extra_arguments=None):
        return [part.replace("{connection_file}", self.connection_file) for part in self.argv]


class Kernel:
    """A started kernel and what it answers."""

    def __init__(self, argv):
        self.manager = Spec(transport="tcp")
        self.manager.argv = argv
        folder = os.path.dirname(os.path.abspath(__file__))
        self.manager.start_kernel(cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.client = self.manager.client()
        self.client.start_channels()

    def cell(self, code):
        """Seconds from sending a cell to its idle, and what it printed; no seconds where it fails or idle never comes."""
        start = time.perf_counter()
        message_id = self.client.execute(code)
        printed = []
        try:
            while True:
                message = self.client.get_iopub_msg(timeout=max(0, start + CELL_SEC - time.perf_counter()))
                if message["parent_header"].get("msg_id") != message_id:
                    continue
                if message["msg_type"] == "stream":
                    printed.append(message["content"]["text"])
                if message["content"].get("execution_state") == "idle":
                    break
            seconds = time.perf_counter() - start
            return (seconds if self.reply(message_id)["status"] == "ok" else None), "".join(printed)
        except Exception:  # The queue's Empty.
            return None, "".join(printed)

    def reply(self, message_id):
        """The content of the reply to a request."""
        while True:
            reply = self.client.get_shell_msg(timeout=CELL_SEC)
            if reply["parent_header"].get("msg_id") == message_id:
                return reply["content"]

    def median_cell(self, code, count):
        """Median seconds of a cell that is another one each time, as when somebody works; none where one fails."""
        seconds = [self.cell(f"{code} + {i}")[0] for i in range(count)]
        return None if None in seconds else statistics.median(seconds)

    def median_completion(self, before, code, expected, count):
        """Median seconds until completions are there, the expected one among them; the code is another one each time."""
        seconds = [self.completion(f"{before}x{i} = {code}", expected) for i in range(count)]
        return None if None in seconds else statistics.median(seconds)

    def completion(self, code, expected):
        start = time.perf_counter()
        matches = self.reply(self.client.complete(code, len(code)))["matches"]
        seconds = time.perf_counter() - start
        return seconds if any(match.split(".")[-1] == expected for match in matches) else None

    def echo(self, size):
        """Seconds until a comm has sent back a buffer."""
        session, channel = self.client.session, self.client.shell_channel
        content = {"comm_id": "echo", "data": {}}
        opened = session.msg("comm_open", {**content, "target_name": "echo"})
        session.send(channel.socket, opened)
        sent = os.urandom(size)
        seconds = []
        for _ in range(5):
            start = time.perf_counter()
            session.send(channel.socket, session.msg("comm_msg", content), buffers=[sent])
            while (message := self.client.get_iopub_msg(timeout=CELL_SEC))["msg_type"] != "comm_msg":
                pass
            seconds.append(time.perf_counter() - start)
            if bytes(message["buffers"][0]) != sent:
                return None
        return statistics.median(seconds)

    def memory(self):
        """Bytes of its own process and of those that it started; what they share is counted once."""
        process = psutil.Process(self.manager.provisioner.process.pid)
        started = sum(each.memory_full_info().pss for each in process.children(recursive=True))
        return process.memory_full_info().pss, started

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def main(language, argv):
    cells = LANGUAGES[language]
    started = time.perf_counter()
    kernel = Kernel(argv)
    kernel.client.wait_for_ready(timeout=60)
    figures = {"start to ready [s]": time.perf_counter() - started}
    first = kernel.cell(cells["trivial"])[0]
    figures["first cell [ms]"] = first * 1000
    figures["start to first result [s]"] = time.perf_counter() - started
    time.sleep(1)
    own, started = kernel.memory()
    figures["memory after start [MB]"] = (own + started) / MEGABYTE
    figures["its own process [MB]"] = own / MEGABYTE

    def put(name, seconds):
        figures[f"{name} [ms]"] = None if seconds is None else seconds * 1000

    put("trivial cell", kernel.median_cell(cells["trivial"], 50))
    put("completion", kernel.median_completion(*(cells[key] for key in ("before", "completion", "completed")), 20))
    if cells["types"]:
        put("cell with vega-lite and tfjs", kernel.cell(cells["types"])[0])
        time.sleep(0.5)  # tslab aborts whatever follows a failed cell within 0.2 s.
        put("cell after vega-lite and tfjs", kernel.median_cell("typeof tf.tensor + typeof vl.compile", 20))
    if cells["echo"]:
        kernel.cell(cells["echo"])
        put("10 MB comm round trip", kernel.echo(10 * MEGABYTE))
    seconds, text = kernel.cell(cells["lines"])
    put("5,000 printed lines", seconds if len(text.split()) == 5000 else None)
    kernel.close()
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
