"""The floor: what Flask, Jinja and the server cost together, without a database, a session, a language or a form.

One page with a title, a menu and a list of twenty names, escaped as everywhere."""

from flask import Flask, render_template

app = Flask(__name__)


@app.get("/")
def bare() -> str:
    names = [f"Şule <{number}>" for number in range(20)]
    return render_template("bare.html", title="Vloer", menu=("trainingen", "agenda", "inloggen"), names=names)
