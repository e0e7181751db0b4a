"""`make check`: every lint in turn; a failed one shows what it said, and the others still run."""

import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
BIN = HERE / ".venv" / "bin"
PRODUCTION = {
    "MODE": "production",
    "SITE_URL": "https://yuanyi.example",
    "ALLOWED_HOSTS": "yuanyi.example",
    "SECRET_KEY": "check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "DATA_KEY": "check-" + "zyxwvutsrqponmlkjihgfedcba9876543210" * 2,
}
STEPS: dict[str, tuple[list[str], dict[str, str]]] = {
    "format": (["ruff", "format", "--check", "--quiet", "."], {}),
    "rules": (["ruff", "check", "--quiet", "."], {}),
    "types": (["mypy", "."], {"MODE": "test"}),
    "layers": (["lint-imports", "--no-cache"], {}),
    "templates": (["djlint", "--lint", "--quiet", "templates"], {}),
    "house and translations": (["pytest", "tests/house", "--quiet"], {}),
    "migrations": (["python", "manage.py", "makemigrations", "--check", "--dry-run"], {"MODE": "test"}),
    "deployment": (["python", "manage.py", "check", "--deploy", "--fail-level=WARNING"], PRODUCTION),
}


def main() -> int:
    failed = [name for name, (command, environment) in STEPS.items() if not passes(name, command, environment)]
    print(f"make check: {', '.join(failed)} failed." if failed else "make check: clean.")
    return 1 if failed else 0


def passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    start = time.monotonic()
    everything = os.environ | {"DATA_DIR": str(HERE / ".cache" / "check")} | environment
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=HERE, env=everything, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({time.monotonic() - start:.1f} s)", flush=True)
    if done.returncode:
        sys.stdout.buffer.write(done.stdout)
        sys.stdout.flush()
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
