"""A service for trying destinations: takes what is sent to it on 127.0.0.1, prints a line of it, and answers 204.

listener.py [--port N]
"""

import argparse
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = 3000
LONGEST_LINE = 300


class Listener(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        said = [self.headers.get(name, "-") for name in ("landfall-route", "webhook-id")]
        text = body.decode(errors="backslashreplace")
        # What came may hold anything, a terminal's commands among it.
        shown = "".join(letter if letter.isprintable() else " " for letter in text)[:LONGEST_LINE]
        # In one piece: several may come at once.
        sys.stdout.write(" ".join([self.command, self.path, *said, shown]) + "\n")
        sys.stdout.flush()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=PORT)
    options = parser.parse_args()
    try:
        server = ThreadingHTTPServer(("127.0.0.1", options.port), Listener)
    except OSError as error:
        sys.exit(
            f"Port {options.port} can't be had ({error.strerror}). Choose another: make listener LISTENER_PORT=3001"
        )
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print(f"Listening on http://127.0.0.1:{options.port}. Ctrl-C stops.", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
