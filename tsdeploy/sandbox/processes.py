"""Running a sandbox in the foreground."""

from __future__ import annotations

import errno
import ipaddress
import os
import signal
import sys
import threading
import time
from urllib.parse import urlsplit

from tsdeploy.sandbox.cluster import Cluster
from tsdeploy.sandbox.folder import load_folder
from tsdeploy.sandbox.launching import Launch, announcement, port_taken, refuse_running
from tsdeploy.sandbox.registry import Running, forget_running, note_running
from tsdeploy.sandbox.warehouse_file import declare, read_warehouses
from tsdeploy.sandbox.web.server import Server
from tsdeploy.sandbox.wellknown import PRIMARY_ORG_ID


def run_foreground(launch: Launch) -> None:
    """Run a sandbox until SIGINT or SIGTERM. To be called from the main thread.

    Raises UsageError TD802 (port taken), TD803 (runs already), TD807 (name), TD813 (admin token), TD830 (warehouse
    file), and whatever ``load_folder`` raises.
    """
    refuse_running(launch)
    settings = launch.cluster_settings()
    launch.place.folder.mkdir(parents=True, exist_ok=True)
    with Cluster(launch.place.database, settings) as cluster:
        if launch.warehouse:
            declare(cluster, read_warehouses(launch.warehouse))
        if launch.load and not cluster.objects.in_org(PRIMARY_ORG_ID):
            load_folder(cluster, launch.load)
        with _listen(cluster, launch) as server:
            running = Running(launch.name, os.getpid(), server.port, server.url, time.time_ns() // 1_000_000)
            note_running(launch.place, running)
            try:
                _wait_for_signal(running)
            finally:
                forget_running(launch.place)


def _listen(cluster: Cluster, launch: Launch) -> Server:
    try:
        return Server(cluster, launch.host, launch.port)
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
            raise port_taken(launch, error) from None
        raise


def _wait_for_signal(running: Running) -> None:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    sys.stderr.write(f"{announcement(running)}\n{_warning(running)}")
    sys.stderr.flush()
    # Waiting in steps, because Windows delivers no signal to a thread that waits for good.
    while not stopped.wait(0.5):
        continue


def _warning(running: Running) -> str:
    host = urlsplit(running.url).hostname or ""
    if host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback):
        return ""
    return f"warning: it listens on {host}: whoever reaches this machine can use it, and its password is known\n"


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
