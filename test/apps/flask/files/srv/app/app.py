from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, jsonify, render_template, request

app = Flask(__name__)


@app.get("/")
def index():
    return "Hello from Flask"


@app.get("/hello/<name>")
def hello(name):
    return render_template("hello.html", name=name)


@app.post("/sum")
def total():
    return jsonify(sum=sum(request.get_json()["numbers"]))


@app.get("/zone")
def zone():
    return datetime(2024, 7, 1, tzinfo=ZoneInfo("America/Sao_Paulo")).isoformat()


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=5000)
