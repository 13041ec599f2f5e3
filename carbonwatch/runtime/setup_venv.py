"""Make `.venv` and install the given requirement files into it; only the standard library is used.

`uv` is taken when it is there, otherwise `python -m venv` and pip. Nothing is done while the files
are the same as at the last time (their hashes lie in `.venv/installed.json`).
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
OLDEST = (3, 11)


def digest(name: str) -> str:
    """Hash of one requirement file, with the Python it is installed for."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return hashlib.sha256((ROOT / name).read_bytes() + python.encode()).hexdigest()


def installed() -> dict[str, str]:
    """What the stamp says; empty when there is none, or the folder has been moved."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if stamp.get("folder") == str(VENV) else {}


def _run(command: list[str]) -> None:
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    if subprocess.run(command, cwd=ROOT, check=False, env=env).returncode:  # noqa: S603
        sys.exit(f"Failed: {' '.join(command)}")


def _has_pip(python: str) -> bool:
    command = [python, "-m", "pip", "--version"]
    if not Path(python).exists():
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603


def install(names: list[str]) -> None:
    """Make the folder when it is missing and install the files into it."""
    python = str(VENV / "bin" / "python")
    uv = shutil.which("uv")
    files = [part for name in names for part in ("-r", name)]
    if uv:
        if not Path(python).exists():
            _run([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)])
        _run([uv, "pip", "install", "--quiet", "--python", python, *files])
        return
    if not _has_pip(python):
        _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    # Compiled at first use instead: most of what the packages bring is never imported.
    pip = [python, "-m", "pip", "install", "--quiet", "--no-compile"]
    _run([*pip, "--disable-pip-version-check", *files])


def main(names: list[str]) -> None:
    """Install what has changed."""
    if sys.version_info < OLDEST:
        sys.exit(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed: make PYTHON=python3.12 …")
    stamp = installed()
    wanted = {name: digest(name) for name in names}
    if all(stamp.get(name) == value for name, value in wanted.items()):
        return
    sys.stdout.write(f"setup    | installing {', '.join(names)} into .venv\n")
    sys.stdout.flush()
    install(names)
    STAMP.write_text(json.dumps({**stamp, **wanted, "folder": str(VENV)}))


if __name__ == "__main__":
    main(sys.argv[1:])
