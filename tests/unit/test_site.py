"""Addresses of a request are made as Flask makes them, whatever the request says of its host."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import EnvironBuilder

from marketplace.kernel.site import Site

ENVIRONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "a language": {"SCRIPT_NAME": "/de", "PATH_INFO": "/caf\xc3\xa9", "QUERY_STRING": "q=1"},
    "letters that are none": {"PATH_INFO": "/\xff", "QUERY_STRING": "q=\xff"},
    "no path": {"PATH_INFO": ""},
    "a port": {"HTTP_HOST": "Example.ORG:8000"},
    "the usual port": {"HTTP_HOST": "example.org:80"},
    "secure": {"HTTP_HOST": "example.org:443", "wsgi.url_scheme": "https"},
    "six": {"HTTP_HOST": "[::1]:8000"},
    "no host": {"HTTP_HOST": None},
    "a wrong host": {"HTTP_HOST": "exa mple/.org"},
    "a name that is too long": {"HTTP_HOST": "a" * 64 + ".org"},
    "a very long host": {"HTTP_HOST": "a." * 80 + "org"},
    "a socket": {"HTTP_CONNECTION": "upgrade", "HTTP_UPGRADE": "websocket"},
    "another method": {"REQUEST_METHOD": "POST"},
}


def told(app: Flask, environ: dict[str, Any]) -> object:
    request = app.request_class(environ)
    try:
        adapter = app.create_url_adapter(request)
    except HTTPException as fault:
        return type(fault)
    return {name: value for name, value in vars(adapter).items() if name != "map"}, request.host


@pytest.mark.parametrize("settings", [{}, {"SERVER_NAME": "example.org"}, {"TRUSTED_HOSTS": ["example.org"]}])
@pytest.mark.parametrize("what", ENVIRONS)
def test_addresses_are_flasks(what: str, settings: dict[str, Any]) -> None:
    environ = {**EnvironBuilder(path="/products").get_environ(), **ENVIRONS[what]}
    environ = {name: value for name, value in environ.items() if value is not None}
    ours, theirs = Site("ours"), Flask("theirs")
    ours.config.update(settings)
    theirs.config.update(settings)
    found, expected = told(ours, dict(environ)), told(theirs, dict(environ))
    if isinstance(found, tuple) and isinstance(expected, tuple):
        for adapter in (found[0], expected[0]):
            adapter["query_args"] = adapter["query_args"] or ""  # none and nothing are alike to it
    assert found == expected
