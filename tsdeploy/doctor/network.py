"""The way to a server, without credentials: proxy, name, connection."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from requests.utils import get_environ_proxies, select_proxy

from tsdeploy.doctor.check import Remark, ok, problem
from tsdeploy.doctor.visit import CONNECT_SECONDS, Visit

_PORTS = {"http": 80, "https": 443}
_VARIABLES = "HTTPS_PROXY, HTTP_PROXY and NO_PROXY"


def proxy_of(visit: Visit) -> SplitResult | None:
    """The proxy that requests take, as ``requests`` reads it from the environment."""
    url = visit.environment.url
    found = select_proxy(url, get_environ_proxies(url))
    if not found:
        return None
    return urlsplit(found if "://" in found else f"http://{found}")


def port_of(url: SplitResult) -> int:
    """The port of an address, the usual one where it names none."""
    return url.port or _PORTS.get(url.scheme, 80)


def check_proxy(visit: Visit) -> Iterator[Remark]:
    """Whether requests go through a proxy, and which."""
    proxy = proxy_of(visit)
    if proxy is None:
        yield ok("none: requests go straight to the server")
    elif not proxy.hostname:
        yield problem("the proxy variable is no address", f"set it to  http://HOST:PORT  ({_VARIABLES})")
    else:
        yield ok(f"{proxy.hostname}:{port_of(proxy)}, from {_VARIABLES}")


def check_name(visit: Visit) -> Iterator[Remark]:
    """Whether the host's name, or the proxy's, leads to an address."""
    host = _first_hop(visit).hostname or ""
    answer = _resolved(host)
    if isinstance(answer, str):
        yield problem(f"{host}: {answer}", f"check  url:  in {visit.file}, and this machine's DNS")
    elif [host] == answer:
        yield ok(f"{host} is an address itself")
    else:
        yield ok(f"{host} is {', '.join(answer[:3])}")


def check_connection(visit: Visit) -> Iterator[Remark]:
    """Whether something listens there."""
    hop = _first_hop(visit)
    where = f"{hop.hostname}:{port_of(hop)}"
    try:
        socket.create_connection((hop.hostname or "", port_of(hop)), timeout=CONNECT_SECONDS).close()
    except OSError as error:
        why = "no answer" if isinstance(error, TimeoutError) else error.strerror or str(error)
        yield problem(f"{where}: {why}", "check the port, a firewall in between, and whether a proxy is needed")
    else:
        yield ok(f"{where} is open")


def _first_hop(visit: Visit) -> SplitResult:
    return proxy_of(visit) or visit.url


def _resolved(host: str) -> list[str] | str:
    """The addresses of a host, or why there are none. The system may take minutes to say so; nobody waits that long."""
    answers: queue.Queue[list[str] | str] = queue.Queue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(address[0]) for *_, address in found)))
        except (OSError, UnicodeError) as error:
            answers.put(
                f"this name leads nowhere ({error.strerror or error})" if isinstance(error, OSError) else str(error)
            )

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answers.get(timeout=CONNECT_SECONDS)
    except queue.Empty:
        return f"no answer within {CONNECT_SECONDS:.0f} seconds"
