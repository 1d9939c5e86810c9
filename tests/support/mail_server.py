"""An SMTP server on the loopback that accepts mails or refuses them."""

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
    """The mails received and the answers to give.

    `refuse` holds answers to RCPT TO by address, and to DATA under the key "DATA".
    """

    port: int = 0
    got: list[EmailMessage] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)

    def settings(self) -> dict[str, object]:
        """Return the settings for override_settings."""
        backend = "django.core.mail.backends.smtp.EmailBackend"
        return {"EMAIL_BACKEND": backend, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": self.port}


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Serve on a free port until leaving."""
    mailbox = MailServer()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.reply("220 sidak.test ESMTP")
            while line := self.rfile.readline().decode().strip():
                command = line.split()[0].upper()
                if command == "DATA":
                    self.data()
                elif command == "RCPT":
                    self.reply(mailbox.refuse.get(line.partition("<")[2].partition(">")[0], OK))
                elif command == "QUIT":
                    self.reply("221 bye")
                    return
                else:
                    self.reply(OK)

        def data(self) -> None:
            self.reply("354 go on")
            lines: list[bytes] = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line[1:] if line.startswith(b"..") else line)
            answer = mailbox.refuse.get("DATA", OK)
            if answer.startswith("2"):
                parsed = BytesParser(EmailMessage, policy=policy.default).parsebytes(b"".join(lines))
                mailbox.got.append(parsed)
            self.reply(answer)

        def reply(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        mailbox.port = server.server_address[1]
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield mailbox
        server.shutdown()
