"""moto's server on a port, with one call to DynamoDB at a time: `moto_server.py PORT`, by the Python that has moto.

DynamoDB looks at a condition and writes in one step. moto takes two, between which another of its threads may write.
"""

import sys
from threading import Lock

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

APPLICATION = DomainDispatcherApplication(create_backend_app)
LOCK = Lock()


def serve(environ, start_response):
    if not environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB"):
        return APPLICATION(environ, start_response)
    with LOCK:
        return APPLICATION(environ, start_response)


if __name__ == "__main__":
    run_simple("127.0.0.1", int(sys.argv[1]), serve, threaded=True)
