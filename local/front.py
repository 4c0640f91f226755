"""Takes deliveries for the local stack, and nothing else: the one address here that a tunnel may point at.

    front.py [--port N] [--note FILE]

Whoever reaches the stand-in for AWS itself can run programs on this machine. This passes on what is sent to
/webhooks/NAME, byte for byte, and answers everything else by itself.
"""

import argparse
import http.client
import json
import re
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
NOTE = ROOT / ".landfall" / "local.json"
PORT = 8787
# A source's name, and whatever query. No escapes, so that no path is another one in disguise.
DELIVERY = re.compile(r"/webhooks/[a-z0-9-]{1,64}/?(\?[!-~]*)?")
# What Lambda takes at most, as API Gateway would refuse it.
MOST_BYTES = 6 * 1024 * 1024
PATIENCE_SECONDS = 60
# They concern one connection, of which there are two.
OF_A_CONNECTION = {
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "host",
    "content-length",
}


class Front(BaseHTTPRequestHandler):
    timeout = PATIENCE_SECONDS
    api = None  # set before it serves

    def take(self):
        length = self.headers.get("Content-Length", "0")
        if not DELIVERY.fullmatch(self.path):
            return self.answer(404)
        if not length.isdecimal() or "Transfer-Encoding" in self.headers:
            return self.answer(411)
        if int(length) > MOST_BYTES:
            return self.answer(413)
        body = self.rfile.read(int(length))
        connection = http.client.HTTPConnection(self.api.hostname, self.api.port, timeout=PATIENCE_SECONDS)
        try:
            connection.putrequest(self.command, self.api.path + self.path, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in OF_A_CONNECTION:
                    connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            got = connection.getresponse()
            self.answer(got.status, got.read(), got.getheaders())
        except OSError:
            self.answer(502)
        finally:
            connection.close()

    do_DELETE = do_GET = do_HEAD = do_PATCH = do_POST = do_PUT = take

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in OF_A_CONNECTION:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format, *arguments):
        # Neither query nor headers: they may hold what signs.
        print(f"{self.command} {self.path.split('?')[0]} {arguments[1]}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--note", type=Path, default=NOTE)
    arguments = parser.parse_args()
    # Whoever starts this in the background may have had the signal ignored; it is what ends this.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not arguments.note.exists():
        sys.exit("There is no stack. `make up` starts one.")
    Front.api = urlsplit(json.loads(arguments.note.read_text())["outputs"]["ApiUrl"])
    try:
        server = ThreadingHTTPServer(("127.0.0.1", arguments.port), Front)
    except OSError as error:
        sys.exit(f"Port {arguments.port} can't be had ({error.strerror}). Choose another: make front FRONT_PORT=8788")
    print(f"Deliveries are taken at http://127.0.0.1:{server.server_port}/webhooks/NAME (Ctrl-C stops).", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
