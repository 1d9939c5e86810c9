"""Search a network for cameras: WS-Discovery by multicast and to each address, and its ONVIF ports one by one."""

import asyncio
import socket
import uuid
from dataclasses import dataclass, field
from ipaddress import ip_address

import psutil

from streams.control.device import DeviceLogin
from streams.control.networks import Network
from streams.control.onvif import OnvifCamera, parse_probe_answer, probe_message
from streams.control.soap import SoapLine

DISCOVERY = ("239.255.255.250", 3702)
ANSWERS_S = 2.0  # how long answers to probes are waited for
CONNECT_S = 1.0
RECOGNISE_S = 8.0  # slow cameras take up to seven
AT_ONCE = 48  # addresses
LARGEST_ANSWER = 16 * 1024
MOST_OFFERED_PORTS = 4  # of one address, that a probe's answer names
BURST, PAUSE_S = 64, 0.02  # probes at a time


@dataclass(slots=True)
class FoundCamera:
    """A camera at an address. name and model: as its answer to the probe gives them, or ""."""

    address: str
    port: int
    name: str = ""
    model: str = ""


@dataclass(slots=True)
class NetworkSearch:
    """A running search of one network. `done` of `total` addresses have been tried."""

    network: Network
    ports: tuple[int, ...]
    done: int = 0
    found: dict[str, FoundCamera] = field(default_factory=dict)
    _offered: dict[str, tuple[str, str, set[int]]] = field(default_factory=dict)

    @property
    def addresses(self) -> list[str]:
        """All addresses to try, without those of the network itself and its broadcast."""
        return [str(one) for one in self.network.hosts()]

    @property
    def total(self) -> int:
        """The number of addresses."""
        return len(self.addresses)

    async def run(self) -> None:
        """Search until all addresses have been tried; `done` and `found` may be read meanwhile."""
        probing = asyncio.create_task(self._probe())
        free = asyncio.Semaphore(AT_ONCE)

        async def one(address: str, ports: tuple[int, ...]) -> None:
            async with free:
                await self._try(address, ports)

        async def counted(address: str) -> None:
            await one(address, self.ports)
            self.done += 1

        try:
            await asyncio.gather(*(counted(address) for address in self.addresses))
            await probing
        finally:
            probing.cancel()
        more = {address: ports - set(self.ports) for address, (_name, _model, ports) in self._offered.items()}
        await asyncio.gather(*(one(address, tuple(ports)) for address, ports in more.items() if ports))

    async def _try(self, address: str, ports: tuple[int, ...]) -> None:
        answers = await asyncio.gather(*(_answers(address, port) for port in ports))
        good = [port for port, answer in zip(ports, answers, strict=True) if answer]
        if good and address not in self.found:
            name, model, _ports = self._offered.get(address, ("", "", set()))
            self.found[address] = FoundCamera(address, good[0], name, model)

    async def _probe(self) -> None:
        """Send probes from all suitable interfaces, and collect answers until ANSWERS_S after the last probe."""
        loop = asyncio.get_running_loop()
        transports = []
        try:
            for interface in ("", *self._interfaces()):
                try:
                    opened = _socket(self.network.version, interface)
                except OSError:
                    continue
                transport, _protocol = await loop.create_datagram_endpoint(lambda: _Answers(self), sock=opened)
                transports.append(transport)
                if interface:
                    transport.sendto(probe_message(f"urn:uuid:{uuid.uuid4()}"), DISCOVERY)
            for number, address in enumerate(self.addresses if transports else []):
                transports[0].sendto(probe_message(f"urn:uuid:{uuid.uuid4()}"), (address, DISCOVERY[1]))
                if number % BURST == BURST - 1:
                    await asyncio.sleep(PAUSE_S)
            await asyncio.sleep(ANSWERS_S)
        finally:
            for transport in transports:
                transport.close()

    def _interfaces(self) -> list[str]:
        """Return this machine's IPv4 addresses in the network, from which a multicast reaches its cameras."""
        addresses = [
            one.address for some in psutil.net_if_addrs().values() for one in some if one.family.name == "AF_INET"
        ]
        return [one for one in addresses if ip_address(one) in self.network]

    def hear(self, datagram: bytes, sender: str) -> None:
        """Keep the answer of an address of the network."""
        if len(datagram) > LARGEST_ANSWER or ip_address(sender.partition("%")[0]) not in self.network:
            return
        name, model, ports = parse_probe_answer(datagram)
        self._offered[sender] = (name, model, set(sorted(ports)[:MOST_OFFERED_PORTS]))
        if camera := self.found.get(sender):
            camera.name, camera.model = name, model


class _Answers(asyncio.DatagramProtocol):
    def __init__(self, search: NetworkSearch) -> None:
        self._search = search

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._search.hear(data, addr[0])

    def error_received(self, exc: Exception) -> None:
        """Ignore an address without a listener."""


def _socket(version: int, interface: str) -> socket.socket:
    """Return a UDP socket; with `interface` its multicasts leave there, through one router at most."""
    opened = socket.socket(socket.AF_INET6 if version == 6 else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        opened.setblocking(False)
        if interface:
            opened.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 2)
            opened.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
        opened.bind((interface, 0))
    except OSError:
        opened.close()
        raise
    return opened


async def _answers(address: str, port: int) -> bool:
    """Return whether an ONVIF camera answers at the port. Most addresses refuse or ignore the connection."""
    try:
        async with asyncio.timeout(CONNECT_S):
            _reader, writer = await asyncio.open_connection(address, port)
        writer.close()
        async with asyncio.timeout(RECOGNISE_S), SoapLine(address, port) as line:
            return await OnvifCamera(line, DeviceLogin()).recognise()
    except (OSError, TimeoutError):
        return False
