"""The server's certificate: who vouches for it, and how long it lasts."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from tsdeploy.doctor.check import Remark, ok, problem, warning
from tsdeploy.doctor.network import port_of, proxy_of
from tsdeploy.doctor.visit import CONNECT_SECONDS, Visit

_DAY = 86400.0
_SOON = 21
"""Days that are left when it is time to ask for a new certificate."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_EXPIRED = 10
_OTHER_HOST = (62, 64)
"""OpenSSL's numbers, from x509_vfy.h: of a name, of an address. What is left is about who signed it."""


def check_tls(visit: Visit) -> Iterator[Remark]:
    """Whether requests would accept the certificate, with the same authorities and through the same proxy."""
    proxy = proxy_of(visit)
    if visit.url.scheme == "http":
        yield _plain(visit)
    elif not visit.environment.tls.verify:
        hint = f"take  tls: {{verify: false}}  out of {visit.file}, or name a  ca_bundle  there"
        yield warning("the certificate is not checked, so anybody in between can pose as the server", hint)
    elif proxy is not None and proxy.scheme != "http":
        yield ok(f"not looked at through a {proxy.scheme} proxy; signing in will tell")
    else:
        yield _certificate(visit)


def _plain(visit: Visit) -> Remark:
    if visit.url.hostname in _LOOPBACK:
        return ok("plain http, on this machine")
    return warning("plain http: secrets and TML travel unencrypted", f"write  url: https://…  in {visit.file}")


def _certificate(visit: Visit) -> Remark:
    authorities = _authorities(visit)
    try:
        context = _context(authorities)
    except OSError as error:
        hint = "name a PEM file in  tls.ca_bundle  or REQUESTS_CA_BUNDLE"
        return problem(f"cannot read the authorities in {authorities}: {error.strerror}", hint, "TD402")
    try:
        return _judged(_handshake(visit, context))
    except ssl.SSLCertVerificationError as error:
        return problem(f"the certificate is refused: {error.verify_message}", _cure(error), "TD402")
    except (OSError, http.client.HTTPException) as error:
        return problem(f"no TLS connection: {error}", "check that  url:  leads to ThoughtSpot itself", "TD402")


def _authorities(visit: Visit) -> Path:
    """The file or folder of authorities that ``requests`` would take."""
    bundle = visit.environment.tls.ca_bundle
    with requests.Session() as http_session:
        settings = http_session.merge_environment_settings(
            visit.environment.url, {}, False, str(bundle) if bundle else True, None
        )
    chosen = settings["verify"]
    return Path(chosen if isinstance(chosen, str) else DEFAULT_CA_BUNDLE_PATH)


def _context(authorities: Path) -> ssl.SSLContext:
    if authorities.is_dir():
        return ssl.create_default_context(capath=authorities)
    return ssl.create_default_context(cafile=authorities)


def _handshake(visit: Visit, context: ssl.SSLContext) -> tuple[str, dict[str, object]]:
    """The protocol, and the certificate as Python's ssl module reads it."""
    host, port, proxy = visit.url.hostname or "", port_of(visit.url), proxy_of(visit)
    first = (proxy.hostname or "", port_of(proxy)) if proxy else (host, port)
    connection = http.client.HTTPSConnection(*first, timeout=CONNECT_SECONDS, context=context)
    if proxy:
        connection.set_tunnel(host, port, dict(HTTPAdapter().proxy_headers(proxy.geturl())))
    try:
        connection.connect()
        sock = connection.sock
        assert isinstance(sock, ssl.SSLSocket)
        return sock.version() or "TLS", dict(sock.getpeercert() or {})
    finally:
        connection.close()


def _judged(found: tuple[str, dict[str, object]]) -> Remark:
    protocol, certificate = found
    days = int((ssl.cert_time_to_seconds(str(certificate["notAfter"])) - time.time()) / _DAY)
    text = (
        f"{protocol}, the certificate of {_issuer(certificate)} holds for {days} more {'day' if days == 1 else 'days'}"
    )
    return ok(text) if days > _SOON else warning(text, "whoever runs the server has to renew it")


def _issuer(certificate: dict[str, object]) -> str:
    issuer = certificate.get("issuer")
    parts = dict(pair for group in issuer for pair in group) if isinstance(issuer, tuple) else {}
    return str(parts.get("organizationName") or parts.get("commonName") or "an unnamed authority")


def _cure(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code == _EXPIRED:
        return "look at this machine's clock; if it is right, whoever runs the server has to renew the certificate"
    if error.verify_code in _OTHER_HOST:
        return "write the host name that the certificate is for into  url:"
    return "for an authority of your own, name its PEM file in  tls.ca_bundle  or REQUESTS_CA_BUNDLE"
