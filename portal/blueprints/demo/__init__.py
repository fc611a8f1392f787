"""Only in the demo: the mail that was not sent, and the style guide."""

from portal.blueprints.demo import routes, styleguide

blueprints = (routes.blueprint, styleguide.blueprint)
