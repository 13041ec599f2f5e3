"""The whole system as real processes in a folder of its own, to be killed part by part."""

import random
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from carbonwatch.runtime import launch, locations, servers
from carbonwatch.runtime.processes import kill_group, wait_until


class Named:
    """A file as the multipart encoder wants it."""

    content_type = None

    def __init__(self, path):
        self.name, self.path = "年度报告.xlsx", Path(path)

    def read(self):
        return self.path.read_bytes()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Parts:
    """PostgreSQL, Redis, web, worker and beat. `CARBONWATCH_VAR` must already name the folder."""

    def __init__(self, folder, app="carbonwatch"):
        self.folder, self.port, self.app = folder, free_port(), app
        self.children, self.log = {}, []
        self.over = threading.Event()
        self.threads = []

    def start(self):
        urls, found = servers.start_missing({}, durable=True)
        self.children = {child.name: child for child in found}
        self.env = launch.environment() | urls | {"CARBONWATCH_VAR": str(self.folder)}
        self.python("manage.py", "prepare")
        for part in launch.program_parts(self.port, self.env):
            part.command = [self.app if word == "carbonwatch" else word for word in part.command]
            part.quiet = True
            self.children[part.name] = part.start()
        for name in ("postgres", "redis"):
            self.children[name].quiet = True
        assert wait_until(lambda: self.get("/healthz") == 200, 60, 0.2), self.last_words()
        return self

    def python(self, *command):
        """Run a program on these servers; its output."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=locations.ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def batch(self, *arguments):
        """One of the commands of `tests.faults.batch`."""
        return self.python("-m", "tests.faults.batch", *arguments)

    def get(self, path):
        with suppress(OSError):
            url = f"http://127.0.0.1:{self.port}{path}"
            with urllib.request.urlopen(url, timeout=5) as reply:
                return reply.status
        return None

    def read(self, path, token):
        """Body of a page of the interface."""
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=15) as reply:
            return reply.read().decode()

    def upload(self, row):
        """Send a workbook once; status and body, or None when no answer came."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/reports/{row['report']}/versions/",
            encode_multipart(BOUNDARY, {"workbook": Named(row["file"])}),
            {
                "Authorization": f"Bearer {row['token']}",
                "Idempotency-Key": f"batch-{row['report']}",
                "Content-Type": MULTIPART_CONTENT,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=15) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return None

    def kill(self, name, *, whole=True):
        """`kill -9` of a part, or of one of its processes."""
        child = self.children[name]
        self.log.append(f"{name}{'' if whole else ' (one process)'}")
        if whole:
            kill_group(child.pid)
            return
        with suppress(psutil.Error):
            family = psutil.Process(child.pid).children(recursive=True)
            if family:
                family[0].send_signal(signal.SIGKILL)

    def break_out(self, seed, names, kills):
        """Kill something every 1 to 3 seconds, so many times; what dies is started again."""
        for work, *arguments in (
            (self._revive,),
            (self._torment, random.Random(seed), names, kills),
        ):
            self.threads.append(threading.Thread(target=work, args=arguments, daemon=True))
            self.threads[-1].start()

    def calm(self):
        """After the last kill: all run again, and no worker of before holds anything."""
        self.threads[1].join()
        self.kill("worker")
        assert wait_until(lambda: self.get("/readyz") == 200, 60, 0.5), self.last_words()
        self.batch("expire")
        assert wait_until(lambda: self.batch("waiting") == "0", 120, 1), self.last_words()

    def _revive(self):
        while not self.over.wait(0.3):
            for child in list(self.children.values()):
                if child.exit_code() is not None:
                    child.finish(0)
                    child.start()

    def _torment(self, rng, names, kills):
        for _number in range(kills):
            if self.over.wait(rng.uniform(1, 3)):
                return
            self.kill(rng.choice(names), whole=rng.random() < 0.6)

    def last_words(self):
        return "\n".join(f"{n}: {c.last_lines()}" for n, c in self.children.items())

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join()
        order = ("beat", "worker", "web", "redis", "postgres")
        for name in order:
            if name in self.children:
                self.children[name].ask_to_stop()
                self.children[name].finish(10)
