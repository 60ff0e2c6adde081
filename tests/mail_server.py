"""A mail server of this machine that keeps what it is sent; it can be stopped and started again on its port."""

import email
import socketserver
import threading

from tests.postgres import free_port


class MailServer:
    """`messages` holds what came, parsed; mail to an address in `refused` is refused."""

    def __init__(self):
        self.port, self.messages, self.refused, self.server = free_port(), [], set(), None
        self.url = f"smtp://127.0.0.1:{self.port}"

    def start(self):
        """Listen."""
        self.server = _Listener(("127.0.0.1", self.port), _Talk)
        self.server.box = self
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()

    def stop(self):
        """Refuse every connection; harmless when stopped already."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 siap")
        while (line := self.rfile.readline().decode().strip()) and line.upper() != "QUIT":
            verb = line.upper().partition(" ")[0]
            if verb == "DATA":
                self.take()
            elif verb == "RCPT" and any(address in line for address in self.server.box.refused):
                self.say("550 tidak ada")
            else:
                self.say("250 baik")
        self.say("221 sampai jumpa")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def take(self):
        self.say("354 silakan")
        lines = iter(self.rfile.readline, b".\r\n")
        self.server.box.messages.append(email.message_from_bytes(b"".join(lines)))
        self.say("250 baik")
