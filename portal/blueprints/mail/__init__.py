"""The office's post: what was sent, what is waiting, what failed."""

from portal.blueprints.mail import routes, texts

blueprints = (routes.blueprint, texts.blueprint)
