"""Pin requirements/*.txt anew from pyproject.toml: `python bin/pin.py [--upgrade]`; needs `uv` on the PATH."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {"run": ["pyproject.toml"], "test": ["--group", "test", "-c", "requirements/run.txt"]}
# Any platform, any Python from 3.11, hashes for each file, and no word about where a file came from.
OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-emit-index-url", "-q"]

if __name__ == "__main__":
    for name, source in SOURCES.items():
        target = f"requirements/{name}.txt"
        subprocess.run(["uv", "pip", "compile", *source, *OPTIONS, *sys.argv[1:], "-o", target], cwd=ROOT, check=True)
