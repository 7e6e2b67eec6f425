"""Runs a function in its own process, so that its memory can be measured."""

from __future__ import annotations

import importlib
import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Measured:
    """The function's result, and the peak memory of its process (10^6 bytes)."""

    result: dict[str, float]
    peak_mb: float


def measured(function: str, *args: object, env: dict[str, str] | None = None) -> Measured:
    """Run `module:function` of this package with JSON arguments in a fresh interpreter."""
    command = [
        sys.executable,
        "-m",
        "tests.bench.support.subprocess_run",
        function,
        json.dumps(args),
    ]
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    answer = json.loads(done.stdout.splitlines()[-1])
    return Measured(answer["result"], answer["peak_mb"])


def peak_mb() -> float:
    """Peak memory of this process. On Linux from VmHWM: after a fork, `ru_maxrss` starts at the
    parent's size."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main(function: str, args: str) -> None:
    module, name = function.split(":")
    result = getattr(importlib.import_module(f"tests.bench.{module}"), name)(*json.loads(args))
    print(json.dumps({"result": result, "peak_mb": peak_mb()}))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
