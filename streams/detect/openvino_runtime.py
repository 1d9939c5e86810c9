"""OpenVINO: the only file that imports it."""

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray

from streams.detect.model_files import ModelError, check


class Network:
    """A compiled network with one input. Used by one thread at a time."""

    def __init__(self, request: openvino.InferRequest) -> None:
        self._request = request
        self.runs = 0

    def run(self, pixels: NDArray[np.uint8] | NDArray[np.float32]) -> None:
        """Run the network on an array of its input's shape and type."""
        self.runs += 1
        self._request.infer({0: pixels}, share_inputs=True)

    def output(self, which: int | str) -> NDArray[np.float32]:
        """Return an output by its number or name: a view, which the next run overwrites."""
        name = isinstance(which, str)
        tensor = self._request.get_tensor(which) if name else self._request.get_output_tensor(which)
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
            return Network(self._core.compile_model(graph, self._device, self._options).create_infer_request())

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn whatever OpenVINO raises into a ModelError with its last line."""
        try:
            yield
        except Exception as error:
            reason = str(error).strip().splitlines()[-1:]
            raise ModelError(f"The person detector does not run on {self._device}: {' '.join(reason)}") from error
