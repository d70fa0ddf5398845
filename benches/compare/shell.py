"""Runs programs."""

import os
import subprocess
import time


class Failed(Exception):
    """A program that ended with an error: its last lines."""


def run(*command, cwd=None, input=None, timeout=600, **environment):
    """The output of a program, or `Failed`."""
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        input=input,
        timeout=timeout,
        capture_output=True,
        text=True,
        env=dict(os.environ, **{name: str(value) for name, value in environment.items()}),
    )
    if ran.returncode:
        lines = (ran.stderr.strip() or ran.stdout.strip()).splitlines()
        raise Failed(f"{os.path.basename(str(command[0]))} {ran.returncode}: " + " ".join(lines[-6:])[:300])
    return ran.stdout


def timed(*command, **options):
    """How long a program ran, in seconds."""
    start = time.perf_counter()
    run(*command, **options)
    return time.perf_counter() - start


def timed_with_memory(*command, cwd=None, **environment):
    """How long a program ran, in seconds, and the most memory that it and its children had, in KiB."""
    printed = subprocess.run(
        ["/usr/bin/env", "python3", "-c", WAIT, *[str(part) for part in command]],
        cwd=cwd,
        capture_output=True,
        text=True,
        env=dict(os.environ, **{name: str(value) for name, value in environment.items()}),
    )
    if printed.returncode:
        raise Failed(f"{command[0]}: " + " ".join(printed.stderr.strip().splitlines()[-6:])[:300])
    seconds, kib = printed.stdout.split()[-2:]
    return float(seconds), int(kib)


# In a process of its own, because getrusage(2) has the maximum over all children that a process has waited for.
WAIT = """
import resource, subprocess, sys, time
start = time.perf_counter()
ran = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=sys.stderr)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(ran.returncode)
"""
