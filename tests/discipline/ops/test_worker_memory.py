"""The worker bounds malloc before its threads load models."""

import subprocess
import sys
from pathlib import Path

THREADS = 8
SCRIPT = f"""
import ctypes, sys, threading
from celery.signals import worker_init
import discipline.celery

if sys.argv[1] == "worker":
    worker_init.send(sender=None)
malloc = ctypes.CDLL(None)
malloc.malloc.restype = malloc.fopen.restype = ctypes.c_void_p
malloc.malloc_info.argtypes, malloc.fclose.argtypes = (ctypes.c_int, ctypes.c_void_p), (ctypes.c_void_p,)
all_at_once = threading.Barrier({THREADS})

def hold():
    all_at_once.wait()
    malloc.malloc(1000)
    all_at_once.wait()

threads = [threading.Thread(target=hold) for _ in range({THREADS})]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
out = malloc.fopen(sys.argv[2].encode(), b"w")
malloc.malloc_info(0, out)
malloc.fclose(out)
"""


def arenas(program: str, out: Path) -> int:
    subprocess.run([sys.executable, "-c", SCRIPT, program, out], check=True, timeout=60)
    return out.read_text().count("<heap nr=")


def test_the_workers_threads_share_two_arenas_of_malloc(tmp_path: Path) -> None:
    assert arenas("worker", tmp_path / "worker") == 2
    assert arenas("another", tmp_path / "another") > 2
