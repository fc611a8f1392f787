"""The office's post: what was sent, what is waiting, what failed."""

from portal.blueprints.mail import batches, routes, texts

blueprints = (routes.blueprint, batches.blueprint, texts.blueprint)
