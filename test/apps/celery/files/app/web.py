from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from jobs.tasks import add, upper


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        _, job, *words = self.path.split("/")
        task = add.delay(*map(int, words)) if job == "add" else upper.delay(*words)
        body = str(task.get(timeout=50)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("", 8000), Handler).serve_forever()
