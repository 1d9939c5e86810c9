"""OpenVINO is ready for threads once it is imported."""

import subprocess
import sys

from tests.support.paths import ROOT

TRIES = 8
THREADS_FIRST_RUN = f"""
import os, signal, sys, threading
from streams.detect.openvino_runtime import openvino

def run():
    barrier.wait()
    openvino.Type.f32.to_dtype()

for _ in range({TRIES}):
    child = os.fork()
    if not child:
        signal.alarm(60)  # ends a process in which no thread gets the interpreter's lock
        sys.setswitchinterval(1e-6)
        barrier = threading.Barrier(8)
        threads = [threading.Thread(target=run) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
"""


def test_threads_may_look_at_their_first_pictures_at_once() -> None:
    subprocess.run([sys.executable, "-c", THREADS_FIRST_RUN], cwd=ROOT, check=True, timeout=600)
