import json
import time


def create():
    def app(environ, start_response):
        if environ["PATH_INFO"] == "/slow":
            time.sleep(0.1)
        body = json.dumps({"path": environ["PATH_INFO"], "socket": __import__("socket").socket.__module__}).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return app
