"""Writes the lock files anew from pyproject.toml: with hashes, for all platforms, without any index's address."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
UV = HERE / ".venv" / "bin" / "uv"
OPTIONS = ["--generate-hashes", "--universal", "--no-emit-index-url", "--python-version=3.11", "--no-header", "--quiet"]


def compile_lock(source: str, target: str, *options: str, text: str = "") -> None:
    print(f"Resolving {target} …", flush=True)
    command = [str(UV), "pip", "compile", source, "--output-file", target, *OPTIONS, *options]
    subprocess.run(command, cwd=HERE, input=text, text=True, check=True)


def main() -> None:
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
    version = subprocess.run([UV, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    compile_lock("pyproject.toml", "requirements.lock", *upgrade)
    compile_lock("pyproject.toml", "requirements-dev.lock", "--group", "dev", "-c", "requirements.lock", *upgrade)
    compile_lock("-", "requirements-uv.lock", text=f"uv=={version}\n")


if __name__ == "__main__":
    main()
