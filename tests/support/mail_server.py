"""A mail server of this machine that speaks SMTP: it takes mails, or answers as the story wants."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from threading import Thread

OK = "250 OK"


@dataclass
class MailServer:
    """`refuse`: the answers to RCPT TO by address, or to DATA by "DATA"."""

    port: int = 0
    got: list[EmailMessage] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)

    def settings(self) -> dict[str, object]:
        """For override_settings."""
        backend = "django.core.mail.backends.smtp.EmailBackend"
        return {"EMAIL_BACKEND": backend, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": self.port}


@contextmanager
def mail_server() -> Iterator[MailServer]:
    story = MailServer()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 sidak.test ESMTP")
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].upper()
                if word == "DATA":
                    self.data()
                elif word == "RCPT":
                    self.say(story.refuse.get(line.partition("<")[2].partition(">")[0], OK))
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say(OK)

        def data(self) -> None:
            self.say("354 go on")
            lines: list[bytes] = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line[1:] if line.startswith(b"..") else line)
            answer = story.refuse.get("DATA", OK)
            if answer.startswith("2"):
                parsed = BytesParser(EmailMessage, policy=policy.default).parsebytes(b"".join(lines))
                story.got.append(parsed)
            self.say(answer)

        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        story.port = server.server_address[1]
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield story
        server.shutdown()
