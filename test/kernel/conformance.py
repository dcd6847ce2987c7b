"""Runs the Jupyter project's conformance tests (jupyter_kernel_test 0.7.0) against the Photonbook kernel.

usage: conformance.py      (JUPYTER_PATH must lead to the kernelspec "photonbook")
"""

import unittest

import jupyter_kernel_test as conformance


class PhotonbookTests(conformance.KernelTests):
    kernel_name = "photonbook"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_page_something = "Math.hypot?"
    code_generate_error = "throw new Error('generated')"
    completion_samples = [
        {"text": "'x'.toLowerC", "matches": {"toLowerCase"}},
        {"text": "Math.hyp", "matches": {"hypot"}},
    ]
    complete_code_samples = ["1", "console.log('x')", "function f(x: number) {\n  return x * 2;\n}"]
    incomplete_code_samples = ["console.log('x'", "function f(x: number) {", "const text = `one"]
    invalid_code_samples = ["const = 1;", "let x = 1 +* 2;"]
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "[1, 4, 9]", "result": "[ 1, 4, 9 ]"},
        {"code": "await Promise.resolve(null)", "result": "null"},
    ]
    code_display_data = [
        {"code": "display({ 'text/html': '<b>bold</b>' })", "mime": "text/html"},
        {"code": "display({ 'image/svg+xml': '<svg xmlns=\"http://www.w3.org/2000/svg\"/>' })", "mime": "image/svg+xml"},
    ]
    code_history_pattern = "1?+?2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.hypot"
    code_clear_output = "globalThis[Symbol.for('Jupyter.kernel')].clearOutput()"


class PhotonbookWelcomeTests(conformance.IopubWelcomeTests):
    kernel_name = "photonbook"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main(verbosity=2)
