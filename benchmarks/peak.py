"""The peak of memory of one system doing one work once, in a process of its own.

`VmHWM` of /proc/self/status is the largest resident size that this process ever had. `getrusage` would not do:
what it gives begins with the size of the process that started this one.
"""

import subprocess
import sys
from pathlib import Path

from benchmarks.works import CHECKOUT, WORKS, Work


def peak_mb(work: Work, system: str) -> float:
    """Give the peak in MB, interpreter, libraries, tables and results included.

    Raises:
        subprocess.CalledProcessError: when the process fails.
    """
    command = [sys.executable, "-m", "benchmarks.peak", work.name, system]
    done = subprocess.run(command, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout)


def main() -> None:
    """Do the work once and print the peak."""
    name, system = sys.argv[1:]
    work = next(one for one in WORKS if one.name == name)
    for call in work.prepare(system).calls:
        call()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    print(int(kilobytes) * 1024 / 1e6)


if __name__ == "__main__":
    main()
