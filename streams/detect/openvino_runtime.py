"""OpenVINO: the only file that imports it."""

import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from streams.detect.model_files import ModelError, check

# Its converter of models, which nothing here uses, takes 16 MB and brings telemetry. OpenVINO does without it when it
# can't be imported.
sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]

import openvino  # noqa: E402 see above

# OpenVINO looks up NumPy's functions when it first needs them. Two threads that do so at once deadlock, one of them
# with the interpreter's lock, so that the whole process stands still.
openvino.Type.f32.to_dtype()


class Network:
    """A compiled network with one input. Each thread that uses it has its own buffers and outputs."""

    def __init__(self, compiled: openvino.CompiledModel) -> None:
        self._compiled, self._local = compiled, threading.local()
        self.runs = 0

    @property
    def _request(self) -> openvino.InferRequest:
        try:
            request: openvino.InferRequest = self._local.request
        except AttributeError:
            request = self._local.request = self._compiled.create_infer_request()
        return request

    def run(self, pixels: NDArray[np.uint8] | NDArray[np.float32]) -> None:
        """Run the network on an array of its input's shape and type."""
        self.runs += 1
        self._request.infer({0: pixels}, share_inputs=True)

    def output(self, which: int | str) -> NDArray[np.float32]:
        """Return an output by its number or name: a view, which this thread's next run overwrites."""
        request = self._request
        tensor = request.get_tensor(which) if isinstance(which, str) else request.get_output_tensor(which)
        data: NDArray[np.float32] = tensor.data
        return data


class OpenVino:
    """Loads networks from the folder of prepared model files.

    models: that folder. device: "CPU", "GPU", "NPU" or "AUTO". threads: of the processor, for one run of a network.

    Raises ModelError when a file is not as it was prepared.
    """

    def __init__(self, models: Path, device: str = "CPU", threads: int = 1) -> None:
        check(models)
        self._models, self._device = models, device
        self._options: dict[str, str | int] = {"PERFORMANCE_HINT": "LATENCY"}
        if device == "CPU":
            self._options["INFERENCE_NUM_THREADS"] = threads
        with self._explained():
            self._core = openvino.Core()

    def load(self, name: str, member: str = "", shape: Sequence[int] = ()) -> Network:
        """Compile the model file of that name for the device.

        member: the model's name inside the file, when that is a zip. shape: of the input, when the file leaves it
        open. Raises ModelError when the device does not run it.
        """
        # OpenVINO reads this format from files only.
        with self._explained(), tempfile.TemporaryDirectory() as folder:
            path = self._models / name
            if member:
                with zipfile.ZipFile(path) as bundle:
                    path = Path(bundle.extract(member, folder))
            graph = self._core.read_model(path)
            if shape:
                graph.reshape(list(shape))
            return Network(self._core.compile_model(graph, self._device, self._options))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn whatever OpenVINO raises into a ModelError with its last line."""
        try:
            yield
        except Exception as error:
            reason = str(error).strip().splitlines()[-1:]
            raise ModelError(f"The person detector does not run on {self._device}: {' '.join(reason)}") from error
