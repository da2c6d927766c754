from jobs import app


@app.task
def add(one, two):
    return one + two


@app.task
def upper(text):
    return text.upper()
