"""The launcher killed again and again, at any moment of its start."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from massline.stack.valkey import free_port
from tests.database import BASE
from tests.stack.test_stack import Launcher


@pytest.mark.soak
def test_killed_at_any_moment_it_recovers(stack_home: Path) -> None:
    launcher = Launcher(stack_home, free_port(), DEMO="0")
    moments = random.Random(1)
    for _ in range(25):
        run = [sys.executable, "manage.py", "up"]
        killed = subprocess.Popen(run, env=launcher.environ, cwd=BASE, start_new_session=True)
        time.sleep(moments.uniform(0.1, 5))
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    launcher.start()
    assert launcher.get("/healthz")[0] == 200
    assert launcher.end(signal.SIGTERM) == 0
