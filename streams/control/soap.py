"""SOAP over HTTP to one camera at one address and port, bounded in bytes and seconds, and never to another."""

import asyncio
import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from types import TracebackType
from typing import Self

import httpx

from streams.control.device import DeviceError, DeviceLogin

REQUEST_S = 5.0  # for a request and its whole answer
MOST_BYTES = 256 * 1024
CONTENT_TYPES = ("application/soap+xml; charset=utf-8", "text/xml; charset=utf-8")  # some know the second only
REFUSING_TYPE = (400, 415)


@dataclass(frozen=True, slots=True)
class SoapAnswer:
    """An answer's HTTP status and body. is_xml: whether it calls itself XML."""

    status: int
    text: str
    is_xml: bool
    headers: httpx.Headers


class SoapLine:
    """A connection to the HTTP port of one camera. Of the addresses that it reports only the path is ever used.

    No proxy and no redirect is followed, and passwords are proven by digest only: they never leave this process.
    """

    def __init__(self, address: str, port: int) -> None:
        self.address, self.port = address, port
        host = f"[{address}]" if ip_address(address).version == 6 else address
        self._base = f"http://{host}:{port}"
        transport = httpx.AsyncHTTPTransport(verify=_UNUSED_TLS, limits=httpx.Limits(max_connections=1))
        self._client = httpx.AsyncClient(transport=transport, trust_env=False, timeout=REQUEST_S)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def post(self, path: str, envelope: str, login: DeviceLogin) -> SoapAnswer:
        """Send an envelope and return the answer; a challenge for HTTP Digest is answered once. Raises DeviceError."""
        try:
            async with asyncio.timeout(REQUEST_S):
                return await self._post(path, envelope, login)
        except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout, httpx.PoolTimeout):
            raise DeviceError("slow") from None
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise DeviceError("unreachable") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise DeviceError("no_onvif") from None

    async def _post(self, path: str, envelope: str, login: DeviceLogin) -> SoapAnswer:
        for content_type in CONTENT_TYPES:
            request = self._client.build_request(
                "POST",
                self._base + path,
                content=envelope,
                headers={"Content-Type": content_type, "Accept-Encoding": "identity", "User-Agent": "Sidak"},
            )
            answer = await self._send(request)
            if answer.status == 401 and login.username and (signed := _answer_challenge(request, answer, login)):
                answer = await self._send(signed)
            if answer.status not in REFUSING_TYPE or answer.is_xml:
                break
        return answer

    async def _send(self, request: httpx.Request) -> SoapAnswer:
        response = await self._client.send(request, stream=True)
        try:
            if response.headers.get("content-encoding", "identity") != "identity":
                raise DeviceError("odd_answer")  # nothing is unpacked, so that no few bytes become many
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise DeviceError("odd_answer")
        finally:
            await response.aclose()
        text = body.decode("utf-8", "replace")
        is_xml = "xml" in response.headers.get("content-type", "").lower()
        return SoapAnswer(response.status_code, text, is_xml, response.headers)


_UNUSED_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loads no authorities, which would take 20 ms a line


def _answer_challenge(request: httpx.Request, answer: SoapAnswer, login: DeviceLogin) -> httpx.Request | None:
    """Return the request with its Digest authorization; None when the camera asks for another kind."""
    flow = httpx.DigestAuth(login.username, login.password).sync_auth_flow(request)
    next(flow)
    try:
        return flow.send(httpx.Response(answer.status, headers=answer.headers, request=request))
    except StopIteration:
        return None
